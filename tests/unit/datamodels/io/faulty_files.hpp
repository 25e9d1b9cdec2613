#pragma once

#include <cerrno>
#include <string>
#include <vector>

#include "datamodels/io/file_system.hpp"

namespace spec2::test {

/// The files of the system, of which operation number `fail_at` (from 1) fails; removal never does and is not counted.
class FaultyFiles final : public io::FileSystem {
 public:
  explicit FaultyFiles(int fail_at = 0, int why = ENOSPC) : fail_at_(fail_at), why_(why) {}
  int count() const { return count_; }
  const std::string& failed() const { return failed_; }

  int create(const std::filesystem::path& path, int& handle) override {
    return fails("create") ? why_ : real_.create(path, handle);
  }
  int take_room(int handle, std::uint64_t bytes) override { return fails("room") ? why_ : real_.take_room(handle, bytes); }
  int write(int handle, std::span<const std::byte> bytes, std::uint64_t offset) override {
    return fails("write") ? why_ : real_.write(handle, bytes, offset);
  }
  int sync(int handle) override { return fails("sync") ? why_ : real_.sync(handle); }
  int close(int handle) override {
    const int done = real_.close(handle);
    return fails("close") ? why_ : done;
  }
  int rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return fails("rename") ? why_ : real_.rename(from, to);
  }
  int remove(const std::filesystem::path& path) override { return real_.remove(path); }

 private:
  bool fails(const char* operation) {
    if (++count_ != fail_at_) return false;
    failed_ = operation;
    return true;
  }
  io::FileSystem& real_ = io::FileSystem::system();
  int fail_at_;
  int why_;
  int count_ = 0;
  std::string failed_;
};

}  // namespace spec2::test
