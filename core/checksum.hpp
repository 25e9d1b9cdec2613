#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <nettle/sha2.h>

namespace spec2 {

/// SHA-1 of a text as 40 hexadecimal digits: the checksum that CRDS mappings carry. Not for security.
std::string sha1_hex(std::string_view text);

/// SHA-256 of bytes that come one part after the other.
class Sha256 {
 public:
  Sha256() { sha256_init(&state_); }
  void add(std::span<const std::byte> bytes) {
    sha256_update(&state_, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
  }
  /// Of what was added so far, as 64 hexadecimal digits.
  std::string hex() const;

 private:
  sha256_ctx state_;
};

}  // namespace spec2
