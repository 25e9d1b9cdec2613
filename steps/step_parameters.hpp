#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace spec2 {

/// A typed parameter value. monostate is the peer's None.
using ParameterValue = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::int64_t>,
                                    std::vector<double>, std::vector<std::string>>;

/// The parameters of one step after defaults, parameter references, files and command line were put together: every
/// parameter of the step is there, with the type the peer gives it. Config structs of the steps are filled from it.
/// A wrong name or type is a defect of spec2, not of the user (values were validated before), and throws Error(internal).
class StepParameters {
 public:
  explicit StepParameters(std::string step) : step_(std::move(step)) {}

  const std::string& step() const noexcept { return step_; }
  void set(std::string name, ParameterValue value) { values_[std::move(name)] = std::move(value); }
  bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
  bool is_none(std::string_view name) const;

  bool boolean(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  double real(std::string_view name) const;  ///< takes integers too
  std::string text(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;       ///< empty for None
  std::vector<double> reals(std::string_view name) const;            ///< empty for None; takes integers too
  std::vector<std::int64_t> integers(std::string_view name) const;   ///< empty for None

  /// Empty for None; text() gives "None" for the option of that name.
  std::optional<bool> optional_boolean(std::string_view name) const;
  std::optional<std::int64_t> optional_integer(std::string_view name) const;
  std::optional<double> optional_real(std::string_view name) const;
  std::optional<std::string> optional_text(std::string_view name) const;

  const std::map<std::string, ParameterValue, std::less<>>& values() const noexcept { return values_; }

 private:
  const ParameterValue& value(std::string_view name) const;
  [[noreturn]] void refuse(std::string_view name, std::string_view wanted) const;

  std::string step_;
  std::map<std::string, ParameterValue, std::less<>> values_;
};

}  // namespace spec2
