#pragma once

#include <span>
#include <string>
#include <string_view>

namespace spec2::asdf {

/// The text of an ASDF tree in block style with empty lines in place of some entries at its top. An entry goes from the line that
/// begins with its name to the line that begins the next.
std::string without_entries(std::string_view text, std::span<const std::string_view> names);

}  // namespace spec2::asdf
