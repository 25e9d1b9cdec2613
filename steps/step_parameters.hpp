#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace spec2 {

/// Value of a parameter. `std::monostate` is the peer's None: not given, the step decides.
using ParameterValue = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>,
                                    std::vector<std::int64_t>, std::vector<double>>;

/// The value as it stands in a configuration file; strings in quotes where the form needs them, None for nothing.
std::string to_text(const ParameterValue& value);

/// Resolved parameters of one step (or of the pipeline itself, with an empty step name): what a step's config struct is
/// filled from. Every getter throws Error(user_input) naming step and parameter when there is no parameter of this name,
/// when it has another type, or when it is None and the getter is not an `optional_` one.
class StepParameters {
 public:
  explicit StepParameters(std::string step = {}) : step_(std::move(step)) {}

  const std::string& step() const noexcept { return step_; }
  /// Adds a parameter or replaces its value.
  void set(std::string_view name, ParameterValue value);

  bool has(std::string_view name) const;      ///< a parameter of this name exists
  bool is_none(std::string_view name) const;  ///< it exists and is None

  bool boolean(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  double real(std::string_view name) const;  ///< takes an integer too
  std::string text(std::string_view name) const;
  /// Text members; numbers of a numeric list are written out.
  std::vector<std::string> list(std::string_view name) const;
  std::vector<std::int64_t> integers(std::string_view name) const;
  std::vector<double> reals(std::string_view name) const;  ///< takes integers too

  std::optional<bool> optional_boolean(std::string_view name) const;
  std::optional<std::int64_t> optional_integer(std::string_view name) const;
  std::optional<double> optional_real(std::string_view name) const;
  std::optional<std::string> optional_text(std::string_view name) const;
  std::optional<std::vector<std::string>> optional_list(std::string_view name) const;
  std::optional<std::vector<std::int64_t>> optional_integers(std::string_view name) const;
  std::optional<std::vector<double>> optional_reals(std::string_view name) const;

  const ParameterValue& value(std::string_view name) const;
  const std::map<std::string, ParameterValue, std::less<>>& values() const noexcept { return values_; }

 private:
  std::string step_;
  std::map<std::string, ParameterValue, std::less<>> values_;
};

}  // namespace spec2
