#pragma once

#include <chrono>
#include <filesystem>

namespace spec2::pipeline {

/// One process at a time, of all machines that share the disk, changes the record of a folder. Processes of one machine wait for
/// each other by a lock of the system on the folder. That is not seen by other machines on every disk (NFS refuses it on folders,
/// some mounts keep locks to themselves), so that a file `.spec2_run.lock`, which only one can make, comes on top.
///
/// A holder that was killed on this machine is noticed at once; on another machine, by its lock staying the same for a minute.
/// Where no such file can be made the folder is not locked: the record is a whole file still, but one of two runs that end at the
/// same moment may lose entries, which costs doing those products again.
class FolderLock {
 public:
  static constexpr const char* kFileName = ".spec2_run.lock";
  static constexpr std::chrono::seconds kLongestHold{60};

  /// Waits. `longest_hold`: after this time a lock of another machine is taken for abandoned.
  explicit FolderLock(const std::filesystem::path& folder, std::chrono::milliseconds longest_hold = kLongestHold);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  /// Removes the lock of a process of this machine that was killed while it held it.
  static void remove_abandoned(const std::filesystem::path& folder);

 private:
  void take_file(std::chrono::milliseconds longest_hold);

  std::filesystem::path file_;
  int folder_handle_;
  int file_handle_ = -1;  ///< of our file, while it is ours
};

}  // namespace spec2::pipeline
