#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace spec2::io {

/// The file operations by which products come to the disk, in one place so that a test can make each of them fail. All
/// return 0 or the errno of the failure.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// Makes a new file for writing; a file of this name must not exist. It is locked as long as it is open, so that others see
  /// whether its writer lives.
  virtual int create(const std::filesystem::path& path, int& handle) = 0;
  /// Makes the file as long as this, with room on the disk where the disk can promise it: a full one is seen here.
  virtual int take_room(int handle, std::uint64_t bytes) = 0;
  /// Writes all bytes at this place.
  virtual int write(int handle, std::span<const std::byte> bytes, std::uint64_t offset) = 0;
  /// A hint that the bytes may go to the disk now, so that `sync` waits the less; failures show there.
  virtual void begin_sync(int) {}
  virtual int sync(int handle) = 0;
  virtual int close(int handle) = 0;
  virtual int rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  virtual int remove(const std::filesystem::path& path) = 0;

  /// That of the operating system.
  static FileSystem& system();
};

/// A name in the folder of `path` that no other process and no other file of this one uses:
/// ".name.<process>-<machine><random>.part", eight digits for the machine and eight random ones.
std::filesystem::path temporary_name(const std::filesystem::path& path);

/// Removes files with such names that ended processes left in the folder; those of living ones stay. Locks of another machine
/// are not seen on every shared disk: what comes from there stays until nothing was written to it for a day. Gives their number.
std::size_t remove_abandoned(const std::filesystem::path& folder);

/// Locks a file of another kind that is ours for as long as the handle is open, as those with temporary names are; -1 when that
/// cannot be done, or somebody removed the file.
int lock_file(const std::filesystem::path& file);
/// Removes it when nobody holds it; false when somebody does, as far as locks are seen here.
bool remove_unlocked(const std::filesystem::path& file);

/// Removes what a process left in the folder that is known to have ended on the machine with this tag (`machine_tag`).
std::size_t remove_left_by(const std::filesystem::path& folder, long process, const std::string& machine);

}  // namespace spec2::io
