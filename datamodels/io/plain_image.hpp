#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace spec2::io {

/// How the values of an image lie in the file, for the forms that need no more than a change of the order of bytes: nearly all
/// planes there are. CFITSIO reads the others.
enum class PlainForm : std::uint8_t {
  none,
  real32,      ///< BITPIX -32, not scaled
  unsigned32,  ///< BITPIX 32 with BZERO 2^31
};

/// A file from which plain values are read, by several threads at the same time.
class PlainFile {
 public:
  explicit PlainFile(const std::filesystem::path& path) noexcept;
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;
  ~PlainFile();

  /// Values that begin at byte `offset`. False when the file cannot be read or ends before.
  bool read(std::uint64_t offset, std::span<float> out) const noexcept;
  bool read(std::uint64_t offset, std::span<std::uint32_t> out) const noexcept;

 private:
  int handle_;
};

}  // namespace spec2::io
