#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace spec2::asdf {

/// Where the bytes of a block lie and how they are packed.
struct BlockInfo {
  std::uint64_t data_start = 0;  ///< in the file
  std::uint64_t used = 0;        ///< bytes in the file
  std::uint64_t size = 0;        ///< bytes when unpacked
  std::string compression;       ///< "", "zlib", "bzp2", "lz4"
};

/// The fixed part of a block header behind the magic and the length: flags to checksum.
inline constexpr std::size_t kBlockHeaderBytes = 48;
inline constexpr unsigned char kBlockMagic[4] = {0xd3, 'B', 'L', 'K'};

/// Reads the header at `bytes` (which begins at the flags). `data_start` is left for the caller.
BlockInfo parse_block_header(std::span<const std::byte> bytes, bool& streamed);

/// Unpacks to exactly `size` bytes. Returns an empty text, or what is wrong.
std::string unpack(const BlockInfo& info, std::span<const std::byte> packed, std::span<std::byte> out);

}  // namespace spec2::asdf
