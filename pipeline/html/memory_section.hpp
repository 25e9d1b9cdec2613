#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/html/charts.hpp"
#include "pipeline/html/output_folder.hpp"
#include "pipeline/memory_report/memory_report.hpp"

namespace spec2::pipeline::html {

/// Live and resident bytes over the steps of the record: before, at the peak and after each step, the peak drawn at its middle;
/// bands are steps, or products when steps are many; the budget is a line. Empty without steps. Time is that spent in steps.
std::optional<Chart> memory_of_steps(const std::vector<FoundProduct>& products);

/// At most so many samples are drawn; of more, in each piece of the time the one with the most live bytes.
inline constexpr std::size_t kMostSamplesDrawn = 4000;

/// Live and resident bytes over time as a memory report has them, with the steps as bands (products when steps are many) and the
/// limit of the run as a line. Of several processes the sums are drawn, without bands, since their steps overlap. Empty without
/// samples. Throws Error(data) for a damaged report.
std::optional<Chart> memory_over_time(const MemoryReport& report);

/// The part of the page about memory; empty when nothing is known of it.
std::string memory_section(const OutputFolder& folder, std::vector<std::string>& problems);

}  // namespace spec2::pipeline::html
