#include "core/memory/byte_text.hpp"

#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace spec2 {

std::string byte_text(std::size_t bytes) {
  if (bytes == std::numeric_limits<std::size_t>::max()) return "unlimited";
  if (bytes < 1024) return fmt::format("{} B", bytes);
  const double value = static_cast<double>(bytes);
  if (bytes < (std::size_t{1} << 20)) return fmt::format("{:.1f} KiB", value / 1024.0);
  if (bytes < (std::size_t{1} << 30)) return fmt::format("{:.1f} MiB", value / 1048576.0);
  return fmt::format("{:.2f} GiB", value / 1073741824.0);
}

std::size_t parse_bytes(std::string_view text, std::string_view key) {
  double value = 0.0;
  const auto [rest, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  std::string unit(rest, text.data() + text.size());
  for (char& letter : unit) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  double factor = 0.0;
  if (unit.empty() || unit == "B") factor = 1.0;
  if (unit == "K" || unit == "KB" || unit == "KIB") factor = 1024.0;
  if (unit == "M" || unit == "MB" || unit == "MIB") factor = 1048576.0;
  if (unit == "G" || unit == "GB" || unit == "GIB") factor = 1073741824.0;
  if (unit == "T" || unit == "TB" || unit == "TIB") factor = 1099511627776.0;
  const double bytes = value * factor;
  if (status != std::errc{} || factor == 0.0 || !std::isfinite(bytes) || bytes < 1.0 || bytes > 9e18) {
    throw Error(ErrorCause::user_input, fmt::format("'{}' is no memory size", text), {.keyword = std::string(key)},
                "Give a number with K, M, G or T, such as 512M");
  }
  return static_cast<std::size_t>(bytes);
}

}  // namespace spec2
