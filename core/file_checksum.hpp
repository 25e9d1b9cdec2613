#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace spec2 {

/// What tells that a file is the one it was.
struct FileState {
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;  ///< time of the last change, nanoseconds since 1970
  bool operator==(const FileState&) const = default;
};

/// Throws Error(system) when the file is not there.
FileState file_state(const std::filesystem::path& file);

/// Checksum of all bytes of a file, "xxh128:" and 32 hexadecimal digits (XXH3 with 128 bits): changes and damage are seen; it is
/// no protection against someone who forges files. Throws Error(system).
std::string file_checksum(const std::filesystem::path& file);

}  // namespace spec2
