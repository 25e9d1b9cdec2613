#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/parallel.hpp"
#include "datamodels/references/reference_cache.hpp"
#include "pipeline/memory_report/memory_recorder.hpp"
#include "pipeline/runner/integration_blocks.hpp"
#include "pipeline/runner/pending_files.hpp"
#include "pipeline/runner/product_setup.hpp"
#include "pipeline/runner/run.hpp"
#include "wcs/arena.hpp"

namespace spec2::pipeline {

/// What the products of a run share. None of it carries results from one product to the next.
struct RunResources {
  Account& account;
  ReferenceCache& cache;
  wcs::Arena& arena;
  const Parallel& parallel;
  const CancelToken& cancel;
  Log log;
  Progress* progress;
  std::filesystem::path output_dir;
  std::string context;              ///< CRDS context, for the header
  std::string association;          ///< file name, for the header
  std::string pool;
  std::size_t memory_limit;
  bool save_steps;
  std::size_t product_index;
  std::size_t product_count;
  MemoryRecorder* memory = nullptr;  ///< for a memory report

  /// The same with other threads, messages and progress.
  RunResources with(const Parallel& parallel, Log log, Progress* progress) const;
};

/// The folder, made when it is not there. Throws Error(system).
std::filesystem::path output_folder(const std::filesystem::path& folder);

/// Carries out one product: all steps, all files. Files get their names together at the end; a failure leaves none of the
/// products behind. Throws Error with step and exposure; `result` holds what was measured up to then.
std::vector<WrittenFile> run_product(const ProductSetup& setup, const RunResources& resources, ProductResult& result);

/// Makes the WCS alone (no pixel is read) and predicts the memory of the chain with `threads` threads.
BlockPlan plan_memory(const ProductSetup& setup, const RunResources& resources, std::size_t threads);

}  // namespace spec2::pipeline
