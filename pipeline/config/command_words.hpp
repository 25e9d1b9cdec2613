#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/config/config_tree.hpp"
#include "pipeline/config/parameter_table.hpp"

namespace spec2::pipeline {

/// Words of a command line in the peer's form: a configuration file or class, parameters, input files.
struct CommandWords {
  std::string target;              ///< file or class
  const StepSpec* step = nullptr;  ///< what the target configures
  ConfigValue parameters;          ///< given with --name=value, as a tree
  std::vector<std::string> inputs;
  bool use_reference_database = true;          ///< without --disable-crds-steppars
  std::optional<std::string> save_parameters;  ///< --save-parameters
  std::vector<std::pair<std::string, std::string>> logging;  ///< --verbose, --log-level, --log-file, --log-stream, --logcfg
};

/// Reads `calwebb_spec2 asn.json --steps.flat_field.skip=true`. Names may be shortened as long as one parameter only begins
/// so; the last of repeated ones counts. Throws Error(user_input).
CommandWords parse_command_words(const std::vector<std::string>& words);

/// Adds `--set step.name=value` (or `name=value` for the pipeline) to a tree of overrides. A value is read as in a file.
void add_assignment(ConfigValue& overrides, std::string_view assignment, const StepSpec& root);

/// Adds `--override type=file` for all steps that use the reference type.
void add_reference_override(ConfigValue& overrides, std::string_view assignment, const StepSpec& root);

/// Dotted names of all parameters: "save_bsub", "steps.extract_1d.smoothing_length".
std::vector<std::string> dotted_names(const StepSpec& root);

}  // namespace spec2::pipeline
