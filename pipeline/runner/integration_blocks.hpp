#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/runner/product_setup.hpp"

namespace spec2::pipeline {

/// How an exposure goes through the chain: whole, or as a time series by blocks of integrations, so that its length does not
/// matter for the memory. The first block goes alone, since steps prepare what holds for all; of the others `at_once` at a time.
struct BlockPlan {
  std::size_t integrations = 1;      ///< of a block
  std::size_t total = 1;
  std::size_t at_once = 1;
  std::vector<PlannedMemory> steps;  ///< of the whole exposure, or of the first block
  std::size_t rest_peak = 0;         ///< of the blocks after the first
  std::string why_whole;             ///< of a series that cannot be divided

  bool is_divided() const noexcept { return integrations < total; }
  /// The largest predicted peak and what reaches it.
  std::size_t peak() const;
  std::string peak_step(const ProductSetup& setup) const;
};

/// Whether idle threads may read what later steps need, images and references, while the WCS is made: a run with a limit reads
/// nothing before its need is known, and whether a series is read whole is not known yet.
bool reads_ahead(const ProductSetup& setup, std::size_t threads, std::size_t memory_limit);

/// The plan for an exposure whose WCS is known. Blocks are made smaller, down to one integration at a time, where that keeps
/// within `memory_limit` and within the budgets of the steps.
BlockPlan plan_blocks(const ProductSetup& setup, const Exposure& with_wcs, std::size_t threads, std::size_t memory_limit);

/// Bytes of the images that are read when this is the first step that looks at them: the exposure's and those of members.
std::size_t bytes_to_read(const ProductSetup& setup, std::string_view step);

/// Bytes of the references that steps read ahead.
std::size_t reference_bytes(const ProductSetup& setup, const ExposureShape& shape = {});

/// `memory_budget` of a step: the limit of what it allocates itself. Throws Error(user_input) when it is no size.
std::size_t budget_of(const StepParameters& parameters, std::string_view step);

}  // namespace spec2::pipeline
