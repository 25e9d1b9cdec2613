#pragma once

#include <filesystem>
#include <string_view>

#include "pipeline/config/config_tree.hpp"

namespace spec2::pipeline {

/// Whether the text is an ASDF file, whatever its name ends with.
bool is_asdf(std::string_view text);

/// Reads a parameter file in ASDF form (stpipe schemas step_config 1.0.0 and 0.1.0) into the tree that the ConfigObj form
/// gives: `class`, `name`, the parameters, and [steps] with a section for each step. Values keep their types.
/// Throws Error(user_input) when it is not of one of these forms.
ConfigValue parse_asdf_parameters(std::string_view text, const std::filesystem::path& file);

}  // namespace spec2::pipeline
