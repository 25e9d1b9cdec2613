#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/config/config_tree.hpp"
#include "pipeline/config/parameter_set.hpp"
#include "pipeline/crds/reference_selector.hpp"

namespace spec2::pipeline {

/// A file without `class` cannot be run by itself; where the step is known it may do without.
enum class ClassLine { required, optional };

/// What parameters are made from, lowest precedence first: defaults, CRDS parameter references, a file, overrides.
struct ParameterRequest {
  const StepSpec* step = &spec2_pipeline();  ///< what to configure, when no file says so
  const ReferenceSelector* references = nullptr;  ///< with `header`: parameter references of the first science exposure
  const HeaderValues* header = nullptr;
  std::optional<std::filesystem::path> file;
  ClassLine class_line = ClassLine::optional;
  ConfigValue overrides = ConfigValue::section();  ///< of the command line or a caller
};

struct LoadedParameters {
  ParameterSet set;
  std::vector<std::string> reference_files;  ///< parameter references that were used
  std::vector<std::string> warnings;         ///< such as one that is chosen and not in the cache
};

/// Throws Error(user_input) listing all problems at once.
LoadedParameters load_parameters(const ParameterRequest& request);

}  // namespace spec2::pipeline
