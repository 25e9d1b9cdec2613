#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>

#include "core/parallel.hpp"
#include "datamodels/references/reference_cache.hpp"
#include "pipeline/association/association.hpp"
#include "pipeline/crds/reference_selector.hpp"
#include "pipeline/memory_report/memory_recorder.hpp"
#include "pipeline/runner/product_run.hpp"
#include "pipeline/runner/run.hpp"
#include "pipeline/runner/run_record.hpp"
#include "wcs/arena.hpp"

namespace spec2::pipeline {

/// What is known of a run before its first product.
struct RunInputs {
  const RunOptions& options;
  const Association& association;
  const ReferenceSelector& selector;
  std::filesystem::path output_dir;
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
};

/// A product that has ended, and what the record of the run shall say of it: nothing when an earlier run made it.
struct EndedProduct {
  ProductResult result;
  std::optional<ProductRecord> record;
  std::optional<ProductMemory> memory = std::nullopt;  ///< for a memory report
};

/// "done", "kept", "failed: reason".
std::string outcome_text(const ProductResult& result);

/// Makes products, one after the other, in this process: holds what they share.
class RunSession {
 public:
  /// `inputs` must outlive it. The bounds for memory are those of its options.
  RunSession(const RunInputs& inputs, const RunObservers& observers, Parallel parallel);

  /// The product of this place in the association. `earlier` is asked with --resume. What goes wrong is noted in the result.
  EndedProduct make(std::size_t index, const RunRecord& earlier);

 private:
  const RunInputs& inputs_;
  Log log_;
  Account account_;
  std::unique_ptr<MemoryRecorder> memory_;
  ReferenceCache cache_;
  wcs::Arena arena_;
  Parallel parallel_;
  RunResources resources_;
};

}  // namespace spec2::pipeline
