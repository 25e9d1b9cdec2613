#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spec2 {

/// "512 B", "3.4 KiB", "21.0 MiB": sizes as they stand in messages and tables.
std::string byte_text(std::size_t bytes);

/// Bytes of "512M", "1.5GiB", "800k", "4096"; units are powers of 1024. Throws Error(user_input) naming `key`.
std::size_t parse_bytes(std::string_view text, std::string_view key);

}  // namespace spec2
