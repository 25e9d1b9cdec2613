#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/memory/ledger.hpp"
#include "pipeline/memory_report/resident_parts.hpp"
#include "pipeline/report/memory_table.hpp"

namespace spec2::pipeline {

/// Why a sample was taken.
enum class SampleEvent : std::uint8_t { periodic, step_begins, step_ends, product_ends };

/// A point of the curve of the memory over time.
struct MemorySample {
  double time_s = 0.0;  ///< since the run began
  std::size_t live = 0;
  std::size_t resident = 0;
  std::size_t virtual_size = 0;
  std::int32_t step = -1;  ///< place in the steps of the product; -1 between steps
  SampleEvent event = SampleEvent::periodic;
};

/// What a step allocated of one kind of memory, and what was live of it after the step.
struct KindUse {
  std::string kind;
  std::uint64_t allocations = 0;
  std::uint64_t allocated_bytes = 0;
  std::size_t live_count = 0;
  std::size_t live_bytes = 0;
};

/// Which step took a block, as the moment of a ledger.
struct TakenIn {
  std::int64_t product = -1;  ///< place in the association; -1: before the first
  std::int64_t step = -1;     ///< place in the steps of the product; -1: between steps

  static constexpr std::int64_t kBetween = 0xFFFF;
  static std::int64_t moment(std::size_t product, std::int64_t step) {
    return static_cast<std::int64_t>(product) << 16 | (step < 0 ? kBetween : step);
  }
  static TakenIn of(std::int64_t moment) {
    if (moment < 0) return {};
    return {moment >> 16, (moment & kBetween) == kBetween ? -1 : moment & kBetween};
  }
};

struct StepMemory {
  StepUsage usage;
  double began_s = 0.0;             ///< since the run began
  std::size_t virtual_before = 0;
  std::size_t virtual_peak = 0;     ///< of the samples
  std::size_t virtual_after = 0;
  ResidentState fullest;            ///< at the sample with the most resident memory
  std::vector<KindUse> kinds;       ///< those that the step allocated or that were live after it
  std::vector<HeldBlocks> at_peak;  ///< who held what when most was live
  std::vector<HeldBlocks> after;    ///< and at the end of the step
};

/// All that a memory report says of one product.
struct ProductMemory {
  std::size_t product = 0;          ///< place in the association
  std::string name;
  std::string outcome;              ///< "done", or "failed: reason"
  std::int64_t process = 0;         ///< that made it
  double began_s = 0.0;
  double seconds = 0.0;
  ResidentState after;              ///< when all of it was given back
  std::vector<HeldBlocks> held_after;
  std::vector<StepMemory> steps;
  std::vector<MemorySample> samples;
};

}  // namespace spec2::pipeline
