#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "pipeline/memory_report/memory_tables.hpp"

namespace spec2::pipeline {

/// Rows of a text table; the rest is told as a number.
inline constexpr std::size_t kRowsShown = 20;

/// (a) Usage and increment of each step by exposure, as memory_profiler's table of lines: live bytes after the step and what they
/// grew by since the step before, the peak; the same of resident memory; virtual size; allocations.
std::string usage_text(const MemoryReport& report, const ReportSelection& selection = {});

/// (b) Growth by kind from exposure to exposure.
std::string growth_text(const MemoryReport& report, std::size_t at_most = kRowsShown);

/// (c) What was live, by kind, at the peak of a step.
std::string partition_text(const MemoryReport& report, std::size_t step, std::size_t at_most = kRowsShown);
std::string partition_text(const std::vector<KindShare>& shares, std::size_t at_most = kRowsShown);

/// (d) Chains of holders at the peak of a step: "run -> exposure jw... -> step photom -> plane SCI".
std::string holders_text(const MemoryReport& report, std::size_t step, std::string_view kind = {},
                         std::size_t at_most = kRowsShown);
/// The same of what is live now.
std::string holders_text(const std::vector<HeldBlocks>& held, std::size_t at_most = kRowsShown);

/// Peaks of live, resident and virtual size of the selected steps, and what the difference of resident and live bytes is made of
/// at the sample with the most resident memory.
std::string difference_text(const MemoryReport& report, const ReportSelection& selection = {});

}  // namespace spec2::pipeline
