#pragma once

#include <string>
#include <vector>

#include "pipeline/crds/reference_rules.hpp"

namespace spec2::pipeline {

/// Makes selectors from the text of an rmap: substitutions, conditioning of keys, sorting, valid values.
/// Throws Error(reference) with the line of what is wrong.
Selector build_selector(const Mapping& mapping, const Substitutions& substitutions);

/// Header keys of each level of selectors (`parkey`).
std::vector<std::vector<std::string>> parameter_levels(const Mapping& mapping);

/// Substitutions of the rmap's header over those that always hold.
Substitutions read_substitutions(const Mapping& mapping);

/// First three integers of a version text ("1.8.2rc1"); nothing for a text that is no version.
std::optional<std::array<long, 3>> version_numbers(std::string_view text);

}  // namespace spec2::pipeline
