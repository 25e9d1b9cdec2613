#include "wcs/asdf/block.hpp"

#include <bzlib.h>
#include <lz4.h>
#include <zlib.h>

#include <limits>

namespace spec2::asdf {
namespace {

std::uint64_t big_endian(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (const std::byte byte : bytes) value = value << 8 | std::to_integer<std::uint64_t>(byte);
  return value;
}

std::string unpack_zlib(std::span<const std::byte> packed, std::span<std::byte> out) {
  uLongf size = out.size();
  const int code =
      ::uncompress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(packed.data()), packed.size());
  return code == Z_OK && size == out.size() ? "" : "a zlib block is damaged";
}

std::string unpack_bzip2(std::span<const std::byte> packed, std::span<std::byte> out) {
  if (out.size() > std::numeric_limits<unsigned>::max() || packed.size() > std::numeric_limits<unsigned>::max()) {
    return "a bzp2 block is larger than 4 GiB";
  }
  unsigned size = static_cast<unsigned>(out.size());
  auto* const source = const_cast<char*>(reinterpret_cast<const char*>(packed.data()));
  const int code = ::BZ2_bzBuffToBuffDecompress(reinterpret_cast<char*>(out.data()), &size, source,
                                                static_cast<unsigned>(packed.size()), 0, 0);
  return code == BZ_OK && size == out.size() ? "" : "a bzp2 block is damaged";
}

/// The ASDF framing of lz4: pieces of a big-endian packed size, a little-endian unpacked size, and the data.
std::string unpack_lz4(std::span<const std::byte> packed, std::span<std::byte> out) {
  std::size_t at = 0;
  std::size_t done = 0;
  while (at < packed.size()) {
    if (packed.size() - at < 8) return "an lz4 block is damaged";
    const std::size_t piece = big_endian(packed.subspan(at, 4));
    std::size_t size = 0;
    for (std::size_t i = 4; i-- > 0;) size = size << 8 | std::to_integer<std::size_t>(packed[at + 4 + i]);
    if (piece < 4 || piece > packed.size() - at - 4 || size > out.size() - done || size > std::size_t{LZ4_MAX_INPUT_SIZE}) {
      return "an lz4 block is damaged";
    }
    const int got =
        ::LZ4_decompress_safe(reinterpret_cast<const char*>(packed.data() + at + 8), reinterpret_cast<char*>(out.data() + done),
                              static_cast<int>(piece - 4), static_cast<int>(size));
    if (got < 0 || static_cast<std::size_t>(got) != size) return "an lz4 block is damaged";
    at += 4 + piece;
    done += size;
  }
  return done == out.size() ? "" : "an lz4 block is damaged";
}

}  // namespace

BlockInfo parse_block_header(std::span<const std::byte> bytes, bool& streamed) {
  BlockInfo info;
  streamed = (big_endian(bytes.subspan(0, 4)) & 1u) != 0;
  for (std::size_t i = 4; i < 8; ++i) {
    if (bytes[i] != std::byte{0}) info.compression += static_cast<char>(bytes[i]);
  }
  info.used = big_endian(bytes.subspan(16, 8));
  info.size = big_endian(bytes.subspan(24, 8));
  return info;
}

std::string unpack(const BlockInfo& info, std::span<const std::byte> packed, std::span<std::byte> out) {
  if (info.compression == "zlib") return unpack_zlib(packed, out);
  if (info.compression == "bzp2") return unpack_bzip2(packed, out);
  if (info.compression == "lz4") return unpack_lz4(packed, out);
  return "block compression '" + info.compression + "' is not known";
}

}  // namespace spec2::asdf
