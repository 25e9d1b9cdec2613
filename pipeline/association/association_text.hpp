#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace spec2::pipeline {

/// Tree of an association's text: JSON, else YAML with a warning. Throws Error(user_input) with line and column when it is
/// neither, or not UTF-8.
nlohmann::json read_association_tree(std::string_view text, const std::filesystem::path& file,
                                     std::vector<std::string>& warnings);

}  // namespace spec2::pipeline
