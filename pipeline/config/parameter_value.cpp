#include "pipeline/config/parameter_value.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "pipeline/config/configobj.hpp"
#include "pipeline/crds/value_conditioning.hpp"

namespace spec2::pipeline {
namespace {

using Kind = ConfigValue::Kind;
using Result = std::variant<ParameterValue, ValueProblem>;

std::string shown(const ConfigValue& given) {
  if (given.kind == Kind::none) return "None";
  if (given.kind != Kind::list) return given.text;
  std::vector<std::string> items;
  for (const ConfigValue& item : given.items) {
    items.push_back(item.kind == Kind::text ? fmt::format("'{}'", item.text) : shown(item));
  }
  return fmt::format("[{}]", fmt::join(items, ", "));
}

Result wrong(const ConfigValue& given, std::string_view wanted) {
  return ValueProblem{fmt::format("'{}' is not {}", shown(given), wanted)};
}

std::optional<bool> as_boolean(const ConfigValue& given) {
  if (given.kind == Kind::list || given.kind == Kind::section) return std::nullopt;
  const std::string word = lower_case(given.text);
  if (given.kind == Kind::integer || given.kind == Kind::real) {
    const auto number = python_float(given.text);
    if (number == 1.0) return true;
    if (number == 0.0) return false;
    return std::nullopt;
  }
  if (word == "true" || word == "yes" || word == "on" || word == "1") return true;
  if (word == "false" || word == "no" || word == "off" || word == "0") return false;
  return std::nullopt;
}

/// Python's int(text).
std::optional<std::int64_t> as_integer(const ConfigValue& given) {
  if (given.kind == Kind::boolean) return given.text == "True" ? 1 : 0;
  if (given.kind != Kind::text && given.kind != Kind::integer) return std::nullopt;
  std::string digits;
  const std::string_view text = strip(given.text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto is_digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
    if (text[i] == '_' && i > 0 && is_digit(i - 1) && is_digit(i + 1)) continue;
    if (text[i] == '+' && i == 0 && is_digit(1)) continue;
    digits += text[i];
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<double> as_real(const ConfigValue& given) {
  if (given.kind == Kind::boolean) return given.text == "True" ? 1.0 : 0.0;
  if (given.kind == Kind::list || given.kind == Kind::section || given.kind == Kind::none) return std::nullopt;
  return python_float(given.text);
}

std::optional<ValueProblem> outside(const ParameterSpec& spec, double number, std::string_view what) {
  if (number < spec.least) return ValueProblem{fmt::format("{}{} is below the minimum {}", what, number, spec.least)};
  if (number > spec.most) return ValueProblem{fmt::format("{}{} is above the maximum {}", what, number, spec.most)};
  return std::nullopt;
}

Result number_value(const ParameterSpec& spec, const ConfigValue& given) {
  if (spec.type == ParameterType::integer) {
    const auto whole = as_integer(given);
    if (!whole) return wrong(given, "an integer");
    if (auto problem = outside(spec, static_cast<double>(*whole), "")) return *problem;
    return ParameterValue(*whole);
  }
  const auto number = as_real(given);
  if (!number) return wrong(given, "a number");
  if (auto problem = outside(spec, *number, "")) return *problem;
  return ParameterValue(*number);
}

template <typename T, typename Convert>
Result converted(const ConfigValue& given, std::string_view wanted, Convert convert) {
  std::vector<T> values;
  for (const ConfigValue& item : given.items) {
    const std::optional<T> value = convert(item);
    if (!value) return wrong(item, wanted);
    values.push_back(*value);
  }
  return ParameterValue(std::move(values));
}

Result list_value(const ParameterSpec& spec, const ConfigValue& given) {
  ConfigValue list = given;
  if (given.kind != Kind::list) {
    if (spec.type != ParameterType::forced_list) {
      return ValueProblem{
          fmt::format("'{}' is one value, expected a {}: write '{},'", shown(given), to_string(spec.type), shown(given))};
    }
    list = ConfigValue{Kind::list, {}, {given}};
  }
  if (auto problem = outside(spec, static_cast<double>(list.items.size()), "the number of members ")) return *problem;
  if (spec.type == ParameterType::integers) return converted<std::int64_t>(list, "an integer", as_integer);
  if (spec.type == ParameterType::reals) return converted<double>(list, "a number", as_real);
  return converted<std::string>(list, "a text", [](const ConfigValue& item) -> std::optional<std::string> {
    if (item.kind == Kind::list || item.kind == Kind::section) return std::nullopt;
    return shown(item);
  });
}

Result choice_value(const ParameterSpec& spec, const ConfigValue& given) {
  std::vector<std::string_view> choices;
  for (std::size_t begin = 0; begin <= spec.choices.size();) {
    const std::size_t end = std::min(spec.choices.find('|', begin), spec.choices.size());
    choices.push_back(spec.choices.substr(begin, end - begin));
    begin = end + 1;
  }
  if (given.kind == Kind::text && std::find(choices.begin(), choices.end(), given.text) != choices.end()) {
    return ParameterValue(given.text);
  }
  return ValueProblem{fmt::format("'{}' is not one of {}", shown(given), fmt::join(choices, ", "))};
}

Result file_value(const ParameterSpec& spec, const ConfigValue& given, const std::filesystem::path& folder) {
  if (given.kind == Kind::section) return wrong(given, "a file name");
  const std::filesystem::path path = std::filesystem::absolute(folder / shown(given)).lexically_normal();
  std::error_code error;
  if (spec.type == ParameterType::input_file && !std::filesystem::exists(path, error)) {
    return ValueProblem{fmt::format("there is no file '{}'", path.string())};
  }
  return ParameterValue(path.string());
}

}  // namespace

Result typed_value(const ParameterSpec& spec, const ConfigValue& given, const std::filesystem::path& folder) {
  if (given.kind == Kind::none) return ParameterValue(std::monostate{});
  switch (spec.type) {
    case ParameterType::boolean: {
      const auto value = as_boolean(given);
      return value ? Result(ParameterValue(*value)) : wrong(given, "a boolean (true, yes, on, 1, false, no, off or 0)");
    }
    case ParameterType::integer:
    case ParameterType::real: return number_value(spec, given);
    case ParameterType::text:
    case ParameterType::reference:
      if (given.kind == Kind::list) {
        return ValueProblem{fmt::format("'{}' is a list, expected a text: put quotes around a text with commas", shown(given))};
      }
      return given.kind == Kind::text ? Result(ParameterValue(given.text)) : wrong(given, "a text");
    case ParameterType::choice: return choice_value(spec, given);
    case ParameterType::list:
    case ParameterType::forced_list:
    case ParameterType::integers:
    case ParameterType::reals: return list_value(spec, given);
    case ParameterType::output_file:
    case ParameterType::input_file: return file_value(spec, given, folder);
  }
  return wrong(given, "a value");
}

ParameterValue default_value(const ParameterSpec& spec) {
  if (spec.default_text == "None") return std::monostate{};
  const auto given = parse_config_value(spec.default_text);
  Result value = given ? typed_value(spec, *given, {}) : Result(ValueProblem{"unreadable"});
  if (const auto* problem = std::get_if<ValueProblem>(&value)) {
    throw Error(ErrorCause::internal, fmt::format("default of parameter {}: {}", spec.name, problem->text));
  }
  return std::get<ParameterValue>(std::move(value));
}

}  // namespace spec2::pipeline
