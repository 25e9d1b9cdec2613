#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/memory/ledger.hpp"
#include "pipeline/memory_report/memory_report.hpp"

namespace spec2::pipeline {

/// Which part of a report: empty names are for all. An exposure or step that is not in the report is an Error(user_input) that
/// offers the nearest one.
struct ReportSelection {
  std::string exposure;
  std::string step;
};
/// Places of the steps that are selected.
std::vector<std::size_t> selected_steps(const MemoryReport& report, const ReportSelection& selection);
/// That of them in which most was live; throws Error(data) when there is none.
std::size_t fullest_step(const MemoryReport& report, const ReportSelection& selection);

/// One kind of memory within all that is live, as heapy's partition by type.
struct KindShare {
  std::string kind;
  std::int64_t count = 0;
  std::int64_t bytes = 0;
  double percent = 0.0;             ///< of the bytes
  std::int64_t cumulative_bytes = 0;
  double cumulative_percent = 0.0;
};
/// Largest first.
std::vector<KindShare> partition_by_kind(std::span<const ReportBlocks> blocks);
/// Of what is live now, or was at the peak (`Ledger::held_at_peak`).
std::vector<KindShare> partition_by_kind(std::span<const HeldBlocks> blocks);

/// What came to be live of one kind from one exposure to the next that the same process made, as objgraph's show_growth.
struct KindGrowth {
  std::size_t exposure = 0;  ///< place in the exposures: after which the growth was seen
  std::string kind;
  std::int64_t count = 0;    ///< live after it
  std::int64_t count_increase = 0;
  std::int64_t bytes = 0;
  std::int64_t bytes_increase = 0;
};
/// Kinds whose bytes or blocks grew, in the order of the exposures, those that grew most first. What the first exposure of a
/// process leaves behind is growth from nothing.
std::vector<KindGrowth> growth_by_kind(const MemoryReport& report);

/// Blocks and the chain of their holders, as objgraph's back references: those of kinds that contain `kind` (all when it is
/// empty), at the peak of the step.
std::vector<ReportBlocks> holders_at_peak(const MemoryReport& report, std::size_t step, std::string_view kind = {});

}  // namespace spec2::pipeline
