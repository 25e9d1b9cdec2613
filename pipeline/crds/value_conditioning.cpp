#include "pipeline/crds/value_conditioning.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace spec2::pipeline {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

/// Length of e+NN at `at`, or 0.
std::size_t exponent_length(std::string_view text, std::size_t at) {
  if (at >= text.size() || (text[at] != 'e' && text[at] != 'E')) return 0;
  std::size_t begin = at + 1;
  if (begin < text.size() && (text[begin] == '+' || text[begin] == '-')) ++begin;
  const std::size_t end = skip_digits(text, begin);
  return end == begin ? 0 : end - at;
}

/// [sign] digits [. digits] [exponent], with digits on at least one side of the point.
bool is_decimal(std::string_view text, bool point_then_exponent) {
  std::size_t at = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  const std::size_t whole_end = skip_digits(text, at);
  const bool whole = whole_end > at;
  bool fraction = false;
  at = whole_end;
  if (at < text.size() && text[at] == '.') {
    const std::size_t end = skip_digits(text, at + 1);
    fraction = end > at + 1;
    at = end;
    if (whole && !fraction && !point_then_exponent) return at == text.size();  // "12."
  }
  if (!whole && !fraction) return false;
  return at + exponent_length(text, at) == text.size();
}

}  // namespace

std::string upper_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return result;
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

std::string_view strip(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\r\f\v";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::optional<double> python_float(std::string_view given) {
  const std::string_view text = strip(given);
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // 1_000 is a number in Python: an underscore is taken between two digits.
    const bool separator = text[i] == '_' && i > 0 && i + 1 < text.size() && is_digit(text[i - 1]) && is_digit(text[i + 1]);
    if (!separator) digits += text[i];
  }
  const std::string word = lower_case(digits);
  const bool negative = !word.empty() && word[0] == '-';
  const std::string_view bare = std::string_view(word).substr(!word.empty() && (word[0] == '+' || word[0] == '-') ? 1 : 0);
  if (bare == "inf" || bare == "infinity") {
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  if (bare == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (!is_decimal(digits, true)) return std::nullopt;
  const char* begin = bare.data();
  double value = 0.0;
  const auto [end, error] = std::from_chars(begin, bare.data() + bare.size(), value);
  if (error == std::errc::result_out_of_range) {
    // from_chars leaves the value alone: Python gives inf for the large ones and 0 for the small ones.
    const std::size_t exponent = bare.find('e');
    const bool small = exponent != std::string_view::npos && bare[exponent + 1] == '-';
    value = small ? 0.0 : std::numeric_limits<double>::infinity();
  }
  return negative ? -value : value;
}

std::string python_str(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::array<char, 40> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  const std::string_view shortest(buffer.data(), static_cast<std::size_t>(result.ptr - buffer.data()));
  const std::size_t mark = shortest.find('e');
  int exponent = 0;
  const std::size_t sign = shortest[mark + 1] == '+' ? 1 : 0;
  std::from_chars(shortest.data() + mark + 1 + sign, shortest.data() + shortest.size(), exponent);
  if (exponent < -4 || exponent >= 16) return std::string(shortest);
  const auto fixed = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  std::string text(buffer.data(), fixed.ptr);
  if (text.find('.') == std::string::npos) text += ".0";
  return text;
}

std::string condition_value(std::string_view given) {
  std::string value = upper_case(strip(given));
  if (is_decimal(value, false)) value = python_str(*python_float(value));
  // The expression of the original is anchored at the start for its first and at the end for its last alternative only.
  for (const std::string_view spelling : {"-2147483648.0", "()", "N/A", "NOT APPLICABLE"}) {
    if (value.starts_with(spelling)) return "N/A";
  }
  if (value == "NOT_APPLICABLE") return "N/A";
  if (value == "ANY") return "*";
  if (value == "4294967295.0") return "-1.0";
  if (value == "TRUE") return "T";
  if (value == "FALSE") return "F";
  return value;
}

}  // namespace spec2::pipeline
