#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spec2::asdf {

/// A number as YAML 1.1 has it, with all its digits: "0.5", "1.0e-05", ".nan".
std::string yaml_real(double value);

/// A text in quotes. Characters outside ASCII, which FITS headers cannot hold either, become question marks.
std::string yaml_text(std::string_view value);

/// A new line of a flow node, `indent` blanks in.
std::string line_break(std::size_t indent);

}  // namespace spec2::asdf
