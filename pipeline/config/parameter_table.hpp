#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spec2::pipeline {

/// How the value of a parameter is read. Sources: stpipe 1.1.0 and configobj's validators.
enum class ParameterType : std::uint8_t {
  boolean,
  integer,
  real,
  text,
  choice,       ///< one of `choices`, exactly
  list,         ///< at least one comma in a file
  forced_list,  ///< a single value is a list of one
  integers,
  reals,
  output_file,  ///< relative to the folder of the file that says it
  input_file,   ///< same, and it must exist
  reference     ///< override_<type>: a path relative to the current folder, or N/A to go without
};
std::string_view to_string(ParameterType type) noexcept;

inline constexpr double kNoLeast = -std::numeric_limits<double>::infinity();
inline constexpr double kNoMost = std::numeric_limits<double>::infinity();

/// One parameter of a step.
struct ParameterSpec {
  std::string_view name;
  ParameterType type = ParameterType::text;
  std::string_view default_text = "None";  ///< as in a file; None is "not given"
  std::string_view help;
  std::string_view choices = "";  ///< "a|b|c"
  double least = kNoLeast;        ///< inclusive; of a list: of its length
  double most = kNoMost;
};

/// One step of the peer's calwebb_spec2, or the pipeline itself.
struct StepSpec {
  std::string_view name;
  std::string_view class_name;  ///< "Extract1dStep"
  std::string_view module;      ///< "jwst.extract_1d.extract_1d_step"
  std::string_view alias;       ///< short name that `class` may give instead
  std::span<const ParameterSpec> parameters = {};  ///< its own; those of every step are in `all_parameters`
  std::span<const std::string_view> reference_types = {};
  std::span<const StepSpec* const> steps = {};
  bool skip_by_default = false;
  bool output_use_model = false;
  std::string_view suffix = "None";
  bool search_output_file = true;

  const StepSpec* find_step(std::string_view step_name) const noexcept;
};

/// calwebb_spec2 with its steps in the order of the peer's table (not the order in which they run). jwst 3.0.0.
const StepSpec& spec2_pipeline() noexcept;
/// Parameters that every step has; a step can have another default: see `all_parameters`.
std::span<const ParameterSpec> common_parameters() noexcept;
/// Those of every step inside a pipeline.
std::span<const ParameterSpec> parameters_inside() noexcept;

/// Every parameter of a step: those that all steps have, its own, its override_<type>, and for a step inside a pipeline
/// config_file, name and class. `inside` says whether it stands inside a pipeline.
std::vector<ParameterSpec> all_parameters(const StepSpec& step, bool inside);

/// Step or pipeline that the `class` of a file names: an alias ("calwebb_spec2") or a dotted path of any age
/// ("jwst.pipeline.Spec2Pipeline"). Throws Error(user_input) with the nearest name.
const StepSpec& step_of_class(std::string_view class_text);

/// "pars-extract1dstep".
std::string parameter_reference_type(const StepSpec& step);

}  // namespace spec2::pipeline
