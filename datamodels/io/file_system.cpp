#include "datamodels/io/file_system.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace spec2::io {
namespace {

class SystemFiles final : public FileSystem {
 public:
  int create(const std::filesystem::path& path, int& handle) override {
    handle = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return handle < 0 ? errno : 0;
  }

  int write(int handle, std::span<const std::byte> bytes, std::uint64_t offset) override {
    while (!bytes.empty()) {
      const ssize_t done = ::pwrite(handle, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) return errno;
      if (done == 0) return ENOSPC;
      bytes = bytes.subspan(static_cast<std::size_t>(done));
      offset += static_cast<std::uint64_t>(done);
    }
    return 0;
  }

  void begin_sync(int handle) override { ::sync_file_range(handle, 0, 0, SYNC_FILE_RANGE_WRITE); }
  int sync(int handle) override { return ::fsync(handle) != 0 ? errno : 0; }
  int close(int handle) override { return ::close(handle) != 0 ? errno : 0; }
  int rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return std::rename(from.c_str(), to.c_str()) != 0 ? errno : 0;
  }
  int remove(const std::filesystem::path& path) override { return ::unlink(path.c_str()) != 0 ? errno : 0; }
};

}  // namespace

FileSystem& FileSystem::system() {
  static SystemFiles files;
  return files;
}

}  // namespace spec2::io
