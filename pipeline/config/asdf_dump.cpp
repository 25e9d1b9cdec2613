#include "pipeline/config/asdf_dump.hpp"

#include <cmath>
#include <type_traits>

#include <fmt/format.h>

#include "pipeline/config/parameter_value.hpp"

namespace spec2::pipeline {
namespace {

std::string quoted(const std::string& text) {
  std::string word = "\"";
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') word.append(1, '\\').append(1, letter);
    else if (code < 0x20 || code == 0x7f) word += fmt::format("\\x{:02x}", code);
    else word += letter;
  }
  return word += '"';
}

std::string yaml(bool value) { return value ? "true" : "false"; }
std::string yaml(std::int64_t value) { return std::to_string(value); }
std::string yaml(const std::string& value) { return quoted(value); }

/// With a point before the exponent: YAML 1.1 takes 1e-05 for text.
std::string yaml(double value) {
  if (std::isnan(value)) return ".nan";
  if (std::isinf(value)) return value < 0 ? "-.inf" : ".inf";
  std::string text = fmt::format("{}", value);
  if (text.find('.') != std::string::npos) return text;
  const std::size_t exponent = text.find('e');
  return exponent == std::string::npos ? text + ".0" : text.insert(exponent, ".0");
}

template <typename T>
std::string yaml(const std::vector<T>& values) {
  std::string text;
  for (const T& value : values) text += (text.empty() ? "" : ", ") + yaml(value);
  return '[' + text + ']';
}

std::string yaml(const ParameterValue& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::monostate>) {
          return "null";
        } else {
          return yaml(held);
        }
      },
      value);
}

bool is_written(const ParameterSpec& spec, const ParameterValue& value, DumpScope scope) {
  if (spec.name == "config_file" || spec.name == "name" || spec.name == "class") return false;
  return (scope == DumpScope::all && spec.name != "memory_budget") || value != default_value(spec);
}

/// Class, name, parameters and steps of one step; lines begin with `indent`, the first with `first`.
std::string step_text(const ParameterSet& set, const StepSpec& spec, const std::string& path, const std::string& name,
                      DumpScope scope, const std::string& first, const std::string& indent) {
  std::string text = fmt::format("{}class: {}.{}\n{}name: {}\n", first, spec.module, spec.class_name, indent, quoted(name));
  std::string lines;
  for (const ParameterSpec& parameter : all_parameters(spec, !path.empty())) {
    const ParameterValue& value = set.step(path).value(parameter.name);
    if (is_written(parameter, value, scope)) lines += fmt::format("{}  {}: {}\n", indent, parameter.name, yaml(value));
  }
  text += fmt::format("{}parameters:{}", indent, lines.empty() ? " {}\n" : "\n" + lines);
  if (spec.steps.empty()) return text;
  text += indent + "steps:\n";
  for (const StepSpec* const inner : spec.steps) {
    const std::string inner_path = path.empty() ? std::string(inner->name) : fmt::format("{}.{}", path, inner->name);
    text += step_text(set, *inner, inner_path, std::string(inner->name), scope, indent + "- ", indent + "  ");
  }
  return text;
}

}  // namespace

std::string to_asdf(const ParameterSet& set, DumpScope scope) {
  return "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n" +
         step_text(set, set.spec(), "", set.name(), scope, "", "") + "...\n";
}

}  // namespace spec2::pipeline
