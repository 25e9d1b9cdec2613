#include "wcs/asdf/tree_text.hpp"

#include <algorithm>

namespace spec2::asdf {

std::string without_entries(std::string_view text, std::span<const std::string_view> names) {
  std::string kept;
  kept.reserve(text.size());
  bool in_tree = false, is_kept = true;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
    if (in_tree && line.find_first_of(" \r\n-#[]{}") != 0) {
      is_kept = std::find(names.begin(), names.end(), line.substr(0, line.find(':'))) == names.end();
    }
    in_tree = in_tree || line.starts_with("---");
    if (is_kept) kept += line;
    else kept += '\n';
    text.remove_prefix(line.size());
  }
  return kept;
}

}  // namespace spec2::asdf
