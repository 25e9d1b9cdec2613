#pragma once

#include <filesystem>
#include <string>
#include <variant>

#include "pipeline/config/config_tree.hpp"
#include "pipeline/config/parameter_table.hpp"
#include "steps/step_parameters.hpp"

namespace spec2::pipeline {

/// What is wrong with a value: "'x' is not an integer".
struct ValueProblem {
  std::string text;
};

/// Value of a parameter from what a file, the command line or a caller gave. Text is read by the rules of configobj's
/// validators; a null of an ASDF file is None for every type. File names are completed from `folder`.
std::variant<ParameterValue, ValueProblem> typed_value(const ParameterSpec& spec, const ConfigValue& given,
                                                       const std::filesystem::path& folder);

/// Default of a parameter.
ParameterValue default_value(const ParameterSpec& spec);

}  // namespace spec2::pipeline
