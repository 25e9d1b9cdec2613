#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace spec2::pipeline::html {

/// The last kMostLogBytes of a log file of `--log-file` as HTML: lines with time, level and message, boxes that hide levels.
inline constexpr std::size_t kMostLogBytes = std::size_t{256} << 10;
std::string log_markup(const std::filesystem::path& path);

}  // namespace spec2::pipeline::html
