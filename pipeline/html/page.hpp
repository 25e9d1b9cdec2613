#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace spec2::pipeline::html {

/// Details of products are left out of a page that would pass this size; their rows in the table stay.
inline constexpr std::size_t kLargestPage = std::size_t{24} << 20;

/// One HTML page of all that lies in the output folder of a run; needs no other file and no network. Files that cannot be read
/// are told on it. Throws Error(user_input) when there is no such folder or nothing of a run in it.
std::string report_page(const std::filesystem::path& output_dir);

}  // namespace spec2::pipeline::html
