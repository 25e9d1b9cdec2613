#include "pipeline/html/log_text.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

#include <fmt/format.h>

#include "pipeline/html/markup.hpp"

namespace spec2::pipeline::html {
namespace {

constexpr std::array<std::string_view, 5> kLevels = {"debug", "info", "warning", "error", "critical"};

struct Line {
  std::string_view time;   ///< empty: goes on from the line before
  std::size_t level = 1;   ///< of kLevels
  std::string_view message;
};

/// "2026-01-02T03:04:05.678 info message".
Line parsed(std::string_view text, std::size_t level_before) {
  const std::size_t first = text.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : text.find(' ', first + 1);
  if (second != std::string_view::npos && first > 10 && text[10] == 'T') {
    const auto level = std::find(kLevels.begin(), kLevels.end(), text.substr(first + 1, second - first - 1));
    if (level != kLevels.end()) {
      return {text.substr(0, first), static_cast<std::size_t>(level - kLevels.begin()), text.substr(second + 1)};
    }
  }
  return {{}, level_before, text};
}

/// The end of the file from the beginning of a line on.
std::string last_lines(const std::filesystem::path& path, bool& cut) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0));
  cut = size > kMostLogBytes;
  const std::size_t kept = std::min(size, kMostLogBytes);
  std::string text(kept, '\0');
  file.seekg(static_cast<std::streamoff>(size - kept));
  file.read(text.data(), static_cast<std::streamsize>(kept));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (cut) text.erase(0, text.find('\n') + 1);
  return text;
}

}  // namespace

std::string log_markup(const std::filesystem::path& path) {
  bool cut = false;
  const std::string text = last_lines(path, cut);
  std::array<std::size_t, kLevels.size()> counts{};
  std::string lines;
  std::size_t level = 1;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const Line line = parsed(std::string_view(text).substr(at, end - at), level);
    at = end + 1;
    level = line.level;
    if (!line.time.empty()) ++counts[level];
    lines += fmt::format("<div class=\"{0}\"><time>{1}</time><b>{2}</b>{3}</div>\n", kLevels[level], escaped(line.time),
                         line.time.empty() ? "" : kLevels[level], escaped(line.message));
  }
  std::string out = fmt::format("<h3>{}</h3>\n<p class=\"filters\">", escaped(path.filename().string()));
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    if (counts[i] == 0) continue;
    out += fmt::format("<label><input type=\"checkbox\" checked data-log-level=\"{0}\"> {0} ({1})</label>\n", kLevels[i],
                       counts[i]);
  }
  if (cut) out += fmt::format("<span class=\"note\">only the last {} KiB</span>", kMostLogBytes / 1024);
  return out + "</p>\n<div class=\"log\">\n" + lines + "</div>\n";
}

}  // namespace spec2::pipeline::html
