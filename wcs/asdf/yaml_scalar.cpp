#include "wcs/asdf/yaml_scalar.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace spec2::asdf {

std::string yaml_real(double value) {
  if (std::isnan(value)) return ".nan";
  if (std::isinf(value)) return value > 0 ? ".inf" : "-.inf";
  std::string text = fmt::format("{}", value);
  const std::size_t exponent = text.find('e');
  // YAML 1.1 takes a number without point for a text or an integer.
  if (text.find('.') == std::string::npos) text.insert(std::min(exponent, text.size()), ".0");
  return text;
}

std::string yaml_text(std::string_view value) {
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
  std::string text(1, plain ? '\'' : '"');
  for (const char letter : value) {
    const auto code = static_cast<unsigned char>(letter);
    if (plain) {
      text += letter;
      if (letter == '\'') text += letter;
    } else if (letter == '"' || letter == '\\') {
      text += '\\';
      text += letter;
    } else if (code < ' ') {
      text += fmt::format("\\x{:02x}", code);
    } else if (code > '~') {
      text += '?';
    } else {
      text += letter;
    }
  }
  return text += plain ? '\'' : '"';
}

std::string line_break(std::size_t indent) {
  std::string text(indent + 1, ' ');
  text[0] = '\n';
  return text;
}

}  // namespace spec2::asdf
