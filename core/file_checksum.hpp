#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "core/parallel.hpp"

namespace spec2 {

/// What tells that a file is the one it was.
struct FileState {
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;  ///< time of the last change, nanoseconds since 1970
  bool operator==(const FileState&) const = default;
};

/// Throws Error(system) when the file is not there.
FileState file_state(const std::filesystem::path& file);

/// Checksum of all bytes of a file: changes and damage are seen; it is no protection against someone who forges files. Up to
/// 1 MiB "xxh128:" and the 32 hexadecimal digits of XXH3 with 128 bits; of a larger file "xxh128-1m:" and those of the digests
/// (16 bytes each, most significant first) of its pieces of 1 MiB, which several threads can sum. Throws Error(system).
std::string file_checksum(const std::filesystem::path& file);

/// The same, summed piece by piece by threads with nothing else to do. The file must keep its name until `finish`.
class ChecksumAhead {
 public:
  /// Throws Error(system) when the file is not there.
  ChecksumAhead(const std::filesystem::path& file, const Parallel& parallel);
  ChecksumAhead(ChecksumAhead&&) noexcept;
  ChecksumAhead& operator=(ChecksumAhead&&) noexcept;
  ~ChecksumAhead();

  /// Sums what is left. Throws Error(system) when the file cannot be read, or became shorter.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace spec2
