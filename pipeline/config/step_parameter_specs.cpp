#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/config/nearest_name.hpp"
#include "pipeline/config/parameter_table.hpp"

namespace spec2::pipeline {
namespace {

/// Own text of `override_<type>` names and helps: specs hold views, the table must outlive them.
const ParameterSpec& override_parameter(std::string_view type) {
  struct Text {
    std::string type, name, help;
    ParameterSpec spec;
  };
  static const std::deque<Text> kTexts = [] {
    std::deque<Text> texts;
    for (const StepSpec* step : spec2_pipeline().steps) {
      for (const std::string_view reference : step->reference_types) {
        const bool known = std::any_of(texts.begin(), texts.end(), [&](const Text& text) { return text.type == reference; });
        if (known) continue;
        Text& text = texts.emplace_back(Text{std::string(reference),
                                             fmt::format("override_{}", reference),
                                             fmt::format("File to use as {} reference; N/A for none", reference),
                                             {}});
        text.spec = {text.name, ParameterType::reference, "None", text.help};
      }
    }
    return texts;
  }();
  return std::find_if(kTexts.begin(), kTexts.end(), [&](const Text& text) { return text.type == type; })->spec;
}

std::vector<const StepSpec*> every_class() {
  const StepSpec& pipeline = spec2_pipeline();
  std::vector<const StepSpec*> classes = {&pipeline};
  classes.insert(classes.end(), pipeline.steps.begin(), pipeline.steps.end());
  return classes;
}

}  // namespace

std::string_view to_string(ParameterType type) noexcept {
  switch (type) {
    case ParameterType::boolean: return "boolean";
    case ParameterType::integer: return "integer";
    case ParameterType::real: return "number";
    case ParameterType::text: return "text";
    case ParameterType::choice: return "choice";
    case ParameterType::list:
    case ParameterType::forced_list: return "list";
    case ParameterType::integers: return "list of integers";
    case ParameterType::reals: return "list of numbers";
    case ParameterType::output_file: return "output file";
    case ParameterType::input_file: return "input file";
    case ParameterType::reference: return "reference file";
  }
  return "text";
}

const StepSpec* StepSpec::find_step(std::string_view step_name) const noexcept {
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const StepSpec* step) { return step->name == step_name; });
  return found == steps.end() ? nullptr : *found;
}

std::vector<ParameterSpec> all_parameters(const StepSpec& step, bool inside) {
  const auto of_all = common_parameters(), of_all_inside = parameters_inside();
  std::vector<ParameterSpec> parameters(of_all.begin(), of_all.end());
  for (ParameterSpec& common : parameters) {
    if (common.name == "skip" && step.skip_by_default) common.default_text = "True";
    if (common.name == "output_use_model" && step.output_use_model) common.default_text = "True";
    if (common.name == "search_output_file" && !step.search_output_file) common.default_text = "False";
    if (common.name == "suffix") common.default_text = step.suffix;
  }
  parameters.insert(parameters.end(), step.parameters.begin(), step.parameters.end());
  for (const std::string_view type : step.reference_types) parameters.push_back(override_parameter(type));
  if (inside) parameters.insert(parameters.end(), of_all_inside.begin(), of_all_inside.end());
  return parameters;
}

const StepSpec& step_of_class(std::string_view class_text) {
  const std::size_t dot = class_text.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? class_text : class_text.substr(dot + 1);
  const bool dotted = dot != std::string_view::npos && class_text.starts_with("jwst.");
  std::vector<std::string> names;
  for (const StepSpec* step : every_class()) {
    if (dotted ? step->class_name == last : step->alias == class_text) return *step;
    names.emplace_back(dotted ? step->class_name : step->alias);
  }
  throw Error(ErrorCause::user_input, fmt::format("'{}' is not a step or pipeline that spec2 knows", class_text),
              {.keyword = "class"},
              fmt::format("{}For the pipeline write class = jwst.pipeline.Spec2Pipeline.", did_you_mean(last, names)));
}

std::string parameter_reference_type(const StepSpec& step) {
  std::string type = "pars-";
  for (const char c : step.class_name) type += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return type;
}

}  // namespace spec2::pipeline
