#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "pipeline/config/config_tree.hpp"
#include "pipeline/config/parameter_table.hpp"

namespace spec2::pipeline {

/// A parameter file, read but not validated.
struct ParameterFile {
  std::filesystem::path path;
  const StepSpec* step = nullptr;  ///< what its `class` names; nullptr without one
  std::string name;                ///< of the step in the log: `name`, else the file name without ending
  ConfigValue tree;                ///< interpolated, without the class and name at the top
};

/// Reads a file of ConfigObj or ASDF form, told apart by content. Values take `origin`. Throws Error with file and line.
ParameterFile read_parameter_file(const std::filesystem::path& path, ParameterOrigin origin);

/// Same for a text.
ParameterFile parse_parameter_file(std::string_view text, const std::filesystem::path& path, ParameterOrigin origin);

/// Reads the `config_file` of steps and puts their values under those of the section. Names of files are relative to the
/// file that says them.
void include_step_files(ConfigValue& tree, const StepSpec& step, const std::filesystem::path& outer_file);

}  // namespace spec2::pipeline
