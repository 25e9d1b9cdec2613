#pragma once

#include <string>
#include <string_view>

namespace spec2::pipeline {

/// SHA-1 of a text as 40 hexadecimal digits (FIPS 180-4): the checksum that CRDS mappings carry. Not for security.
std::string sha1_hex(std::string_view text);

}  // namespace spec2::pipeline
