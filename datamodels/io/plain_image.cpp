#include "datamodels/io/plain_image.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>

#include "core/processor_clones.hpp"
#include "datamodels/io/extension_headers.hpp"

namespace spec2::io {
namespace {

/// Values that stay in the processor's cache between reading and turning.
constexpr std::size_t kChunk = std::size_t{64} << 10;

SPEC2_CLONES void turn_bytes(std::uint32_t* values, std::size_t count, std::uint32_t changed_bits) {
  for (std::size_t i = 0; i < count; ++i) values[i] = __builtin_bswap32(values[i]) ^ changed_bits;
}

SPEC2_CLONES void turn_bytes(float* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = std::bit_cast<float>(__builtin_bswap32(std::bit_cast<std::uint32_t>(values[i])));
  }
}

bool read_bytes(int handle, std::uint64_t offset, std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = ::pread(handle, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    out = out.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return true;
}

template <class T, class Turn>
bool read_values(int handle, std::uint64_t offset, std::span<T> out, Turn turn) {
  for (std::size_t first = 0; first < out.size(); first += kChunk) {
    const std::span<T> chunk = out.subspan(first, std::min(kChunk, out.size() - first));
    if (!read_bytes(handle, offset + first * sizeof(T), std::as_writable_bytes(chunk))) return false;
    turn(chunk);
  }
  return true;
}

}  // namespace

PlainFile::PlainFile(const std::filesystem::path& path) noexcept : handle_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
PlainFile::~PlainFile() {
  if (handle_ >= 0) ::close(handle_);
}

bool PlainFile::read(std::uint64_t offset, std::span<float> out) const noexcept {
  return read_values(handle_, offset, out, [](std::span<float> chunk) { turn_bytes(chunk.data(), chunk.size()); });
}

bool PlainFile::read(std::uint64_t offset, std::span<std::uint32_t> out) const noexcept {
  return read_values(handle_, offset, out,
                     [](std::span<std::uint32_t> chunk) { turn_bytes(chunk.data(), chunk.size(), kSignBit); });
}

}  // namespace spec2::io
