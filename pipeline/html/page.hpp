#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace spec2::pipeline::html {

/// Details of products are left out of a page that would pass this size; their rows in the table stay.
inline constexpr std::size_t kLargestPage = std::size_t{24} << 20;

struct ReportSources {
  std::filesystem::path output_dir;
  std::vector<std::filesystem::path> logs;  ///< beside those in the folder
  std::filesystem::path memory_report;      ///< empty: the newest one in the folder
};

/// One HTML page of all that lies in the output folder of a run; needs no other file and no network. Files that cannot be read
/// are told on it. Throws Error(user_input) when there is no such folder or nothing of a run in it, or no such log.
std::string report_page(const ReportSources& sources);

}  // namespace spec2::pipeline::html
