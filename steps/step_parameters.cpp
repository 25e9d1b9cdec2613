#include "steps/step_parameters.hpp"

#include "core/error.hpp"

namespace spec2 {

const ParameterValue& StepParameters::value(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) {
    throw Error(ErrorCause::internal, fmt::format("step {} has no parameter {}", step_, name), {.keyword = std::string(name)});
  }
  return found->second;
}

void StepParameters::refuse(std::string_view name, std::string_view wanted) const {
  throw Error(ErrorCause::internal, fmt::format("parameter {} of step {} is not {}", name, step_, wanted),
              {.keyword = std::string(name)});
}

bool StepParameters::is_none(std::string_view name) const { return std::holds_alternative<std::monostate>(value(name)); }

bool StepParameters::boolean(std::string_view name) const {
  const bool* const found = std::get_if<bool>(&value(name));
  if (!found) refuse(name, "a boolean");
  return *found;
}

std::int64_t StepParameters::integer(std::string_view name) const {
  const std::int64_t* const found = std::get_if<std::int64_t>(&value(name));
  if (!found) refuse(name, "an integer");
  return *found;
}

double StepParameters::real(std::string_view name) const {
  const ParameterValue& held = value(name);
  if (const double* const found = std::get_if<double>(&held)) return *found;
  if (const std::int64_t* const found = std::get_if<std::int64_t>(&held)) return static_cast<double>(*found);
  refuse(name, "a number");
}

std::string StepParameters::text(std::string_view name) const {
  const std::string* const found = std::get_if<std::string>(&value(name));
  if (!found) refuse(name, "text");
  return *found;
}

std::vector<std::string> StepParameters::texts(std::string_view name) const {
  const ParameterValue& held = value(name);
  if (std::holds_alternative<std::monostate>(held)) return {};
  if (const auto* const found = std::get_if<std::vector<std::string>>(&held)) return *found;
  refuse(name, "a list of text");
}

std::vector<double> StepParameters::reals(std::string_view name) const {
  const ParameterValue& held = value(name);
  if (std::holds_alternative<std::monostate>(held)) return {};
  if (const auto* const found = std::get_if<std::vector<double>>(&held)) return *found;
  if (const auto* const found = std::get_if<std::vector<std::int64_t>>(&held)) return {found->begin(), found->end()};
  refuse(name, "a list of numbers");
}

std::vector<std::int64_t> StepParameters::integers(std::string_view name) const {
  const ParameterValue& held = value(name);
  if (std::holds_alternative<std::monostate>(held)) return {};
  if (const auto* const found = std::get_if<std::vector<std::int64_t>>(&held)) return *found;
  refuse(name, "a list of integers");
}

std::optional<bool> StepParameters::optional_boolean(std::string_view name) const {
  return is_none(name) ? std::nullopt : std::optional(boolean(name));
}
std::optional<std::int64_t> StepParameters::optional_integer(std::string_view name) const {
  return is_none(name) ? std::nullopt : std::optional(integer(name));
}
std::optional<double> StepParameters::optional_real(std::string_view name) const {
  return is_none(name) ? std::nullopt : std::optional(real(name));
}
std::optional<std::string> StepParameters::optional_text(std::string_view name) const {
  return is_none(name) ? std::nullopt : std::optional(text(name));
}

}  // namespace spec2
