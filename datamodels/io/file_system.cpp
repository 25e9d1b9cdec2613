#include "datamodels/io/file_system.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "core/process_identity.hpp"

namespace spec2::io {
namespace {

class SystemFiles final : public FileSystem {
 public:
  int create(const std::filesystem::path& path, int& handle) override {
    for (;;) {
      handle = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (handle < 0) return errno;
      // Another process may have found it before it is locked: it removes the name first and its lock then, so that the name is
      // free again when we come to look. Where the disk has no locks nobody takes the file for abandoned either.
      struct stat state {};
      ::flock(handle, LOCK_EX);
      if (::fstat(handle, &state) != 0 || state.st_nlink > 0) return 0;
      ::close(handle);
    }
  }

  int take_room(int handle, std::uint64_t bytes) override {
    while (::fallocate(handle, 0, 0, static_cast<off_t>(bytes)) != 0) {
      if (errno == EINTR) continue;
      return errno == EOPNOTSUPP || errno == ENOSYS ? 0 : errno;
    }
    return 0;
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

constexpr std::size_t kTagDigits = 8, kRandomDigits = 8;
constexpr std::chrono::hours kLongestSilence{24};

/// Who made a file with a temporary name.
struct Maker {
  std::string process;
  std::string machine;
};

/// Of a name as `temporary_name` makes them; files of other programs must not be taken for ours.
std::optional<Maker> maker_of(std::string_view name) {
  constexpr std::string_view kEnding = ".part", kDigits = "0123456789abcdef";
  constexpr std::size_t kAllDigits = kTagDigits + kRandomDigits;
  if (!name.starts_with('.') || !name.ends_with(kEnding) || name.size() < kEnding.size() + kAllDigits + 4) return std::nullopt;
  name.remove_suffix(kEnding.size());
  const std::string_view digits = name.substr(name.size() - kAllDigits);
  name.remove_suffix(kAllDigits);
  if (digits.find_first_not_of(kDigits) != std::string_view::npos || !name.ends_with('-')) return std::nullopt;
  name.remove_suffix(1);
  const std::size_t point = name.rfind('.');
  const std::string_view process = name.substr(point + 1);
  if (point == 0 || process.empty() || process.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return Maker{std::string(process), std::string(digits.substr(0, kTagDigits))};
}

bool was_silent_for_long(const std::filesystem::path& file) {
  std::error_code code;
  const auto written = std::filesystem::last_write_time(file, code);
  return !code && std::filesystem::file_time_type::clock::now() - written > kLongestSilence;
}

}  // namespace

FileSystem& FileSystem::system() {
  static SystemFiles files;
  return files;
}

std::filesystem::path temporary_name(const std::filesystem::path& path) {
  std::uint32_t digits = 0;
  if (::getrandom(&digits, sizeof digits, 0) != sizeof digits) digits = static_cast<std::uint32_t>(::getppid());
  return path.parent_path() / fmt::format(".{}.{}-{}{:08x}.part", path.filename().string(), ::getpid(), machine_tag(), digits);
}

int lock_file(const std::filesystem::path& file) {
  const int handle = ::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (handle < 0) return -1;
  struct stat state {};
  ::flock(handle, LOCK_EX);
  if (::fstat(handle, &state) == 0 && state.st_nlink > 0) return handle;
  ::close(handle);
  return -1;
}

bool remove_unlocked(const std::filesystem::path& file) {
  const int handle = ::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (handle < 0) return false;
  const bool is_removed = ::flock(handle, LOCK_EX | LOCK_NB) == 0 && ::unlink(file.c_str()) == 0;
  ::close(handle);
  return is_removed;
}

std::size_t remove_abandoned(const std::filesystem::path& folder) {
  std::size_t removed = 0;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
    const auto maker = maker_of(entry.path().filename().string());
    if (!maker || (maker->machine != machine_tag() && !was_silent_for_long(entry.path()))) continue;
    if (remove_unlocked(entry.path())) ++removed;
  }
  return removed;
}

std::size_t remove_left_by(const std::filesystem::path& folder, long process, const std::string& machine) {
  std::size_t removed = 0;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
    const auto maker = maker_of(entry.path().filename().string());
    if (!maker || maker->machine != machine || maker->process != std::to_string(process)) continue;
    std::error_code ignored;
    if (std::filesystem::remove(entry.path(), ignored)) ++removed;
  }
  return removed;
}

}  // namespace spec2::io
