#include "pipeline/config/hooks.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

namespace spec2::pipeline {
namespace {

/// Identifiers joined by at least one dot, perhaps called.
bool is_dotted_name(std::string_view text) {
  text = text.substr(0, text.find('('));
  bool dot = false;
  bool start = true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '.') {
      if (start) return false;
      dot = true;
      start = true;
    } else if (start ? std::isalpha(byte) != 0 || c == '_' : std::isalnum(byte) != 0 || c == '_') {
      start = false;
    } else {
      return false;
    }
  }
  return dot && !start;
}

bool is_program_name(std::string_view text) {
  static constexpr std::array<std::string_view, 6> kEndings = {".sh", ".py", ".pl", ".exe", ".bash", ".csh"};
  std::error_code error;
  return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) { return text.ends_with(ending); }) ||
         std::filesystem::exists(std::filesystem::path(text), error);
}

}  // namespace

Hook parse_hook(std::string_view text) {
  const bool python = is_dotted_name(text) && !is_program_name(text);
  return {python ? Hook::Kind::python : Hook::Kind::command, std::string(text)};
}

}  // namespace spec2::pipeline
