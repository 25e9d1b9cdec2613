#include "pipeline/crds/sha1.hpp"

#include <array>
#include <bit>
#include <cstdint>

#include <fmt/format.h>

namespace spec2::pipeline {
namespace {

using State = std::array<std::uint32_t, 5>;

void add_block(State& state, const unsigned char* block) {
  std::array<std::uint32_t, 80> words{};
  for (std::size_t i = 0; i < 16; ++i) {
    words[i] = std::uint32_t{block[4 * i]} << 24 | std::uint32_t{block[4 * i + 1]} << 16 | std::uint32_t{block[4 * i + 2]} << 8 |
               std::uint32_t{block[4 * i + 3]};
  }
  for (std::size_t i = 16; i < 80; ++i) words[i] = std::rotl(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  auto [a, b, c, d, e] = state;
  for (std::size_t i = 0; i < 80; ++i) {
    const std::uint32_t mix = i < 20 ? (b & c) | (~b & d) : i >= 40 && i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
    constexpr std::array<std::uint32_t, 4> kRound = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};
    const std::uint32_t next = std::rotl(a, 5) + mix + e + kRound[i / 20] + words[i];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  const State added = {a, b, c, d, e};
  for (std::size_t i = 0; i < 5; ++i) state[i] += added[i];
}

}  // namespace

std::string sha1_hex(std::string_view text) {
  State state = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  std::size_t at = 0;
  for (; at + 64 <= text.size(); at += 64) add_block(state, reinterpret_cast<const unsigned char*>(text.data() + at));
  std::array<unsigned char, 128> tail{};
  const std::size_t left = text.size() % 64;
  for (std::size_t i = 0; i < left; ++i) tail[i] = static_cast<unsigned char>(text[at + i]);
  tail[left] = 0x80;
  const std::size_t length = left < 56 ? 64 : 128;
  const std::uint64_t bits = std::uint64_t{text.size()} * 8;
  for (std::size_t i = 0; i < 8; ++i) tail[length - 1 - i] = static_cast<unsigned char>(bits >> (8 * i));
  for (std::size_t i = 0; i < length; i += 64) add_block(state, tail.data() + i);
  std::string hex;
  for (const std::uint32_t word : state) hex += fmt::format("{:08x}", word);
  return hex;
}

}  // namespace spec2::pipeline
