#include "core/checksum.hpp"

#include <array>
#include <cstdint>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nettle/sha1.h>

namespace spec2 {
namespace {

template <std::size_t n>
std::string hex_digits(const std::array<std::uint8_t, n>& digest) {
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace

std::string sha1_hex(std::string_view text) {
  sha1_ctx state;
  sha1_init(&state);
  sha1_update(&state, text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
  std::array<std::uint8_t, SHA1_DIGEST_SIZE> digest;
  sha1_digest(&state, digest.size(), digest.data());
  return hex_digits(digest);
}

std::string Sha256::hex() const {
  sha256_ctx state = state_;  // taking the digest starts a new sum
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest;
  sha256_digest(&state, digest.size(), digest.data());
  return hex_digits(digest);
}

}  // namespace spec2
