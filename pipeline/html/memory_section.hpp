#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/html/charts.hpp"
#include "pipeline/html/output_folder.hpp"

namespace spec2::pipeline::html {

/// Live and resident bytes over the steps of the record: before, at the peak and after each step, the peak drawn at its middle;
/// bands are steps, or products when steps are many; the budget is a line. Empty without steps. Time is that spent in steps.
std::optional<Chart> memory_of_steps(const std::vector<FoundProduct>& products);

/// The part of the page about memory; empty when nothing is known of it.
std::string memory_section(const OutputFolder& folder, std::vector<std::string>& problems);

}  // namespace spec2::pipeline::html
