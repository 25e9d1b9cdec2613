#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spec2::pipeline {

/// Brings a header value or a rule key into the form in which CRDS compares them: blanks off, upper case, numbers as
/// Python's str(float) writes them ("12" and "012" are "12.0"), the spellings of "not applicable" as N/A, ANY as *.
/// Source: crds 14.0.3, core/utils.py condition_value.
std::string condition_value(std::string_view value);

/// The number that Python's float(text) gives; nothing where it would raise.
std::optional<double> python_float(std::string_view text);

/// Python's str(value).
std::string python_str(double value);

std::string upper_case(std::string_view text);
std::string lower_case(std::string_view text);
std::string_view strip(std::string_view text);

}  // namespace spec2::pipeline
