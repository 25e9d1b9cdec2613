#include "steps/step_parameters.hpp"

#include <cmath>
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"

namespace spec2 {
namespace {

constexpr std::string_view kTypeNames[] = {"None",          "a boolean",        "an integer",       "a number", "text",
                                           "a list of text", "a list of integers", "a list of numbers"};

std::string quoted(const std::string& text) {
  // In a configuration file these would end the value, make a list of it or be stripped.
  const bool plain = !text.empty() && text.find_first_of(",#'\"\n") == std::string::npos && text.front() != ' ' &&
                     text.back() != ' ';
  if (plain) return text;
  if (text.find('\n') != std::string::npos) {
    const std::string_view triple = text.find("'''") == std::string::npos ? "'''" : "\"\"\"";
    return fmt::format("{0}{1}{0}", triple, text);
  }
  return fmt::format("{0}{1}{0}", text.find('"') == std::string::npos ? '"' : '\'', text);
}

std::string number_text(double value) {
  std::string text = fmt::format("{}", value);
  if (std::isfinite(value) && text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

template <typename T>
std::string item_text(const T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    return quoted(value);
  } else if constexpr (std::is_same_v<T, double>) {
    return number_text(value);
  } else {
    return fmt::format("{}", value);
  }
}

template <typename T>
std::string list_text(const std::vector<T>& values) {
  if (values.empty()) return ",";
  std::vector<std::string> items;
  for (const T& value : values) items.push_back(item_text(value));
  return items.size() == 1 ? items.front() + "," : fmt::format("{}", fmt::join(items, ", "));
}

[[noreturn]] void wrong_type(const StepParameters& parameters, std::string_view name, std::string_view wanted) {
  const std::string path = parameters.step().empty() ? std::string(name) : fmt::format("{}.{}", parameters.step(), name);
  throw Error(ErrorCause::user_input,
              fmt::format("parameter is {}, expected {}", kTypeNames[parameters.value(name).index()], wanted), {.keyword = path},
              fmt::format("Give {} a value that is {}.", path, wanted));
}

template <typename T>
std::optional<T> held(const ParameterValue& value) {
  if (const T* found = std::get_if<T>(&value)) return *found;
  return std::nullopt;
}

template <typename T>
T required(std::optional<T> value, const StepParameters& parameters, std::string_view name, std::string_view wanted) {
  if (!value) wrong_type(parameters, name, wanted);
  return *std::move(value);
}

}  // namespace

std::string to_text(const ParameterValue& value) {
  return std::visit(
      [](const auto& held_value) -> std::string {
        using T = std::decay_t<decltype(held_value)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return "None";
        } else if constexpr (std::is_same_v<T, bool>) {
          return held_value ? "True" : "False";
        } else if constexpr (requires { held_value.begin(); } && !std::is_same_v<T, std::string>) {
          return list_text(held_value);
        } else {
          return item_text(held_value);
        }
      },
      value);
}

void StepParameters::set(std::string_view name, ParameterValue value) { values_[std::string(name)] = std::move(value); }

bool StepParameters::has(std::string_view name) const { return values_.find(name) != values_.end(); }

bool StepParameters::is_none(std::string_view name) const { return value(name).index() == 0; }

const ParameterValue& StepParameters::value(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) {
    throw Error(ErrorCause::user_input,
                fmt::format("no parameter of this name in {}", step_.empty() ? "the pipeline" : "step " + step_),
                {.keyword = std::string(name)}, fmt::format("See `spec2 config --schema {}` for its parameters.", step_));
  }
  return found->second;
}

std::optional<bool> StepParameters::optional_boolean(std::string_view name) const {
  if (is_none(name)) return std::nullopt;
  return required(held<bool>(value(name)), *this, name, "a boolean");
}

std::optional<std::int64_t> StepParameters::optional_integer(std::string_view name) const {
  if (is_none(name)) return std::nullopt;
  return required(held<std::int64_t>(value(name)), *this, name, "an integer");
}

std::optional<double> StepParameters::optional_real(std::string_view name) const {
  if (is_none(name)) return std::nullopt;
  if (const auto whole = held<std::int64_t>(value(name))) return static_cast<double>(*whole);
  return required(held<double>(value(name)), *this, name, "a number");
}

std::optional<std::string> StepParameters::optional_text(std::string_view name) const {
  if (is_none(name)) return std::nullopt;
  return required(held<std::string>(value(name)), *this, name, "text");
}

std::optional<std::vector<std::string>> StepParameters::optional_list(std::string_view name) const {
  if (is_none(name)) return std::nullopt;
  std::vector<std::string> items;
  if (const auto* whole = std::get_if<std::vector<std::int64_t>>(&value(name))) {
    for (const std::int64_t item : *whole) items.push_back(fmt::format("{}", item));
    return items;
  }
  if (const auto* numbers = std::get_if<std::vector<double>>(&value(name))) {
    for (const double item : *numbers) items.push_back(number_text(item));
    return items;
  }
  return required(held<std::vector<std::string>>(value(name)), *this, name, "a list");
}

std::optional<std::vector<std::int64_t>> StepParameters::optional_integers(std::string_view name) const {
  if (is_none(name)) return std::nullopt;
  // An empty list has no member that could tell its type.
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value(name)); texts && texts->empty()) {
    return std::vector<std::int64_t>{};
  }
  return required(held<std::vector<std::int64_t>>(value(name)), *this, name, "a list of integers");
}

std::optional<std::vector<double>> StepParameters::optional_reals(std::string_view name) const {
  if (is_none(name)) return std::nullopt;
  if (const auto whole = held<std::vector<std::int64_t>>(value(name))) return std::vector<double>(whole->begin(), whole->end());
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value(name)); texts && texts->empty()) {
    return std::vector<double>{};
  }
  return required(held<std::vector<double>>(value(name)), *this, name, "a list of numbers");
}

bool StepParameters::boolean(std::string_view name) const {
  return required(optional_boolean(name), *this, name, "a boolean");
}
std::int64_t StepParameters::integer(std::string_view name) const {
  return required(optional_integer(name), *this, name, "an integer");
}
double StepParameters::real(std::string_view name) const { return required(optional_real(name), *this, name, "a number"); }
std::string StepParameters::text(std::string_view name) const { return required(optional_text(name), *this, name, "text"); }
std::vector<std::string> StepParameters::list(std::string_view name) const {
  return required(optional_list(name), *this, name, "a list");
}
std::vector<std::int64_t> StepParameters::integers(std::string_view name) const {
  return required(optional_integers(name), *this, name, "a list of integers");
}
std::vector<double> StepParameters::reals(std::string_view name) const {
  return required(optional_reals(name), *this, name, "a list of numbers");
}

}  // namespace spec2
