#pragma once

#include <string>
#include <vector>

#include "pipeline/html/output_folder.hpp"

namespace spec2::pipeline::html {

/// The part of the page about one product: what it is of, its steps, spectra, pictures and flags. What cannot be read is told
/// in its place and added to `problems`.
std::string product_section(const FoundProduct& product, bool open, std::vector<std::string>& problems);

/// Class of the style sheet for a status; none for words that are no status of ours.
std::string status_class(const std::string& status);

/// Steps with their time and memory as an HTML table.
std::string step_table(const std::vector<StepUsage>& steps);

}  // namespace spec2::pipeline::html
