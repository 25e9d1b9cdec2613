#include "pipeline/config/parameter_set.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "pipeline/config/nearest_name.hpp"
#include "pipeline/config/parameter_value.hpp"

namespace spec2::pipeline {
namespace {

std::string joined(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

/// "extract_1d" -> "steps.extract_1d"; the form in which the peer and the command line name parameters.
std::string dotted(const std::string& path, std::string_view name) {
  std::string text;
  for (std::size_t begin = 0; !path.empty() && begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    text += "steps." + path.substr(begin, end - begin) + ".";
    begin = end + 1;
  }
  return text + std::string(name);
}

std::string place_of(const ConfigValue& value) {
  if (value.file.empty()) return value.origin == ParameterOrigin::command_line ? " (command line)" : "";
  return value.line > 0 ? fmt::format(" ({}, line {})", value.file, value.line) : fmt::format(" ({})", value.file);
}

/// Steps that have a parameter of this name, for one that stands in the wrong section.
std::string where_known(std::string_view name) {
  std::vector<std::string_view> steps;
  for (const StepSpec* step : spec2_pipeline().steps) {
    const auto parameters = all_parameters(*step, true);
    if (std::any_of(parameters.begin(), parameters.end(), [&](const ParameterSpec& spec) { return spec.name == name; })) {
      steps.push_back(step->name);
    }
  }
  return steps.empty() || steps.size() > 4 ? std::string() : fmt::format(" It is a parameter of {}.", fmt::join(steps, ", "));
}

std::string unknown_key(const std::string& path, const std::string& key, const ConfigValue& value,
                        const std::vector<std::string>& names) {
  const std::string what = value.is_section() ? "section" : "parameter";
  std::string text = fmt::format("{}: there is no such {}{}.", dotted(path, key), what, place_of(value));
  const std::string hint = did_you_mean(key, names);
  if (!hint.empty()) return text + " " + hint.substr(0, hint.size() - 1);
  return text + where_known(key);
}

}  // namespace

void ParameterSet::add(const StepSpec& spec, const ConfigValue& tree, const std::string& path,
                       std::vector<std::string>& problems) {
  Section section;
  section.spec = &spec;
  section.inside = !path.empty();
  section.parameters = StepParameters(path);
  std::vector<std::string> names;
  for (const ParameterSpec& parameter : all_parameters(spec, section.inside)) {
    names.emplace_back(parameter.name);
    section.parameters.set(parameter.name, default_value(parameter));
    const ConfigValue* given = tree.find(parameter.name);
    if (given == nullptr) continue;
    if (given->is_section()) {
      problems.push_back(fmt::format("{}: this is a section, expected a {}{}", dotted(path, parameter.name),
                                     to_string(parameter.type), place_of(*given)));
      continue;
    }
    const std::filesystem::path folder =
        given->file.empty() ? std::filesystem::path() : std::filesystem::path(given->file).parent_path();
    auto value = typed_value(parameter, *given, folder);
    if (const auto* problem = std::get_if<ValueProblem>(&value)) {
      problems.push_back(fmt::format("{}: {}{}", dotted(path, parameter.name), problem->text, place_of(*given)));
      continue;
    }
    section.parameters.set(parameter.name, std::get<ParameterValue>(std::move(value)));
    section.sources[std::string(parameter.name)] = {given->origin, given->file};
  }
  sections_.insert_or_assign(path, std::move(section));
  order_.push_back(path);

  const ConfigValue none = ConfigValue::section();
  const ConfigValue* steps = spec.steps.empty() ? nullptr : tree.find("steps");
  for (const auto& [key, value] : tree.entries) {
    if (std::find(names.begin(), names.end(), key) != names.end()) continue;
    if (steps != nullptr && key == "steps" && value.is_section()) continue;
    problems.push_back(unknown_key(path, key, value, names));
  }
  std::vector<std::string> step_names;
  for (const StepSpec* inner : spec.steps) {
    step_names.emplace_back(inner->name);
    const ConfigValue* given = steps == nullptr ? nullptr : steps->find(inner->name);
    if (given != nullptr && !given->is_section()) {
      problems.push_back(fmt::format("{}: this is a value, expected a section{}",
                                     dotted(path, "steps." + std::string(inner->name)), place_of(*given)));
    }
    add(*inner, given != nullptr && given->is_section() ? *given : none, joined(path, inner->name), problems);
  }
  if (steps == nullptr || !steps->is_section()) return;
  for (const auto& [key, value] : steps->entries) {
    if (std::find(step_names.begin(), step_names.end(), key) != step_names.end()) continue;
    const std::string hint = did_you_mean(key, step_names);
    problems.push_back(fmt::format("{}steps.{}: there is no such step{}. {}", dotted(path, ""), key, place_of(value), hint));
  }
}

ParameterSet ParameterSet::resolve(const StepSpec& step, const ConfigValue& tree, std::string name) {
  ParameterSet set;
  set.spec_ = &step;
  set.name_ = name.empty() ? std::string(step.class_name) : std::move(name);
  std::vector<std::string> problems;
  set.add(step, tree, "", problems);
  if (problems.empty()) return set;
  std::string text =
      problems.size() == 1 ? "parameter " + problems.front() : fmt::format("{} problems in the parameters:", problems.size());
  for (std::size_t i = 0; problems.size() > 1 && i < problems.size(); ++i) text += "\n  " + problems[i];
  throw Error(ErrorCause::user_input, std::move(text), {}, "See `spec2 config --schema <step>` for names, types and limits.");
}

const ParameterSet::Section& ParameterSet::section(std::string_view path) const {
  const auto found = sections_.find(path);
  if (found != sections_.end()) return found->second;
  throw Error(ErrorCause::user_input, fmt::format("there is no step '{}'", path), {}, did_you_mean(path, order_));
}

const StepParameters& ParameterSet::step(std::string_view path) const { return section(path).parameters; }

bool ParameterSet::is_default(std::string_view path, std::string_view parameter) const {
  const Section& own = section(path);
  const ParameterValue& value = own.parameters.value(parameter);
  for (const ParameterSpec& spec : all_parameters(*own.spec, own.inside)) {
    if (spec.name == parameter) return value == default_value(spec);
  }
  return true;
}

ParameterOrigin ParameterSet::origin(std::string_view path, std::string_view parameter) const {
  const Section& own = section(path);
  const auto found = own.sources.find(parameter);
  return found == own.sources.end() ? ParameterOrigin::default_value : found->second.origin;
}

const std::string& ParameterSet::source(std::string_view path, std::string_view parameter) const {
  static const std::string kNone;
  const Section& own = section(path);
  const auto found = own.sources.find(parameter);
  return found == own.sources.end() ? kNone : found->second.file;
}

std::vector<std::pair<std::string, ParameterValue>> ParameterSet::changed() const {
  std::vector<std::pair<std::string, ParameterValue>> changes;
  for (const std::string& path : order_) {
    const Section& own = section(path);
    for (const ParameterSpec& spec : all_parameters(*own.spec, own.inside)) {
      if (spec.name == "config_file" || spec.name == "name" || spec.name == "class") continue;
      const ParameterValue& value = own.parameters.value(spec.name);
      if (!(value == default_value(spec))) changes.emplace_back(dotted(path, spec.name), value);
    }
  }
  return changes;
}

void ParameterSet::write_section(std::string& text, const std::string& path, std::size_t depth, DumpScope scope) const {
  const Section& own = section(path);
  const std::string indent(depth * 2, ' ');
  std::string lines;
  for (const ParameterSpec& spec : all_parameters(*own.spec, own.inside)) {
    if (spec.name == "config_file" || spec.name == "name" || spec.name == "class") continue;
    const ParameterValue& value = own.parameters.value(spec.name);
    if (scope == DumpScope::changed && value == default_value(spec)) continue;
    const bool none = value.index() == 0;
    const ParameterOrigin from = origin(path, spec.name);
    const std::string remark = from == ParameterOrigin::default_value ? std::string() : fmt::format("  # {}", to_string(from));
    lines += fmt::format("{}{}{} = {}{}\n", indent, none ? "# " : "", spec.name, to_text(value), remark);
  }
  std::string inner;
  for (const StepSpec* step : own.spec->steps) {
    const std::string inner_path = joined(path, step->name);
    std::string inner_lines;
    write_section(inner_lines, inner_path, depth + 2, scope);
    if (inner_lines.empty()) continue;
    const std::string brackets = depth == 0 ? "[[{}]]" : "[[[[{}]]]]";
    inner +=
        fmt::format("{}{}\n{}", std::string((depth + 1) * 2, ' '), fmt::format(fmt::runtime(brackets), step->name), inner_lines);
  }
  if (!inner.empty()) inner = fmt::format("{}{}\n{}", indent, depth == 0 ? "[steps]" : "[[[steps]]]", inner);
  text += lines + inner;
}

std::string ParameterSet::to_cfg(DumpScope scope) const {
  std::string text = fmt::format("name = {}\nclass = {}.{}\n", to_text(ParameterValue(name_)), spec_->module, spec_->class_name);
  write_section(text, "", 0, scope);
  return text;
}

}  // namespace spec2::pipeline
