#include "pipeline/runner/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

#include <fmt/format.h>

#include "core/process_identity.hpp"
#include "datamodels/io/file_system.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// "host|numbering|process|start|name of its own": what a lock file says.
std::string new_token(const fs::path& file) {
  const ProcessIdentity own = ProcessIdentity::own();
  return fmt::format("{}|{}|{}|{}|{}", own.host, own.numbering, own.process, own.start_ticks,
                     io::temporary_name(file).filename().string());
}

ProcessLife life_of_holder(const std::string& token) {
  std::istringstream fields(token);
  ProcessIdentity holder;
  std::string process, start;
  std::getline(fields, holder.host, '|');
  std::getline(fields, holder.numbering, '|');
  std::getline(fields, process, '|');
  std::getline(fields, start, '|');
  const auto is_number = [](const std::string& text) {
    return !text.empty() && text.size() < 19 && text.find_first_not_of("0123456789") == std::string::npos;
  };
  if (!is_number(process) || !is_number(start)) return ProcessLife::unknown;
  holder.process = std::stol(process);
  holder.start_ticks = std::stoull(start);
  return life_of(holder);
}

/// Nothing when the file is not there; empty when it cannot be read.
std::optional<std::string> text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::error_code code;
  if (!stream && !fs::exists(file, code)) return std::nullopt;
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// Takes away the lock that says `token`, and gives back one that somebody else made in the meantime.
void break_lock(const fs::path& file, const std::string& token) {
  const fs::path aside = io::temporary_name(file);
  std::error_code code;
  fs::rename(file, aside, code);
  if (code) return;
  if (text_of(aside) != token) fs::create_hard_link(aside, file, code);
  fs::remove(aside, code);
}

}  // namespace

FolderLock::FolderLock(const fs::path& folder, milliseconds longest_hold)
    : file_(folder / kFileName), folder_handle_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (folder_handle_ >= 0) ::flock(folder_handle_, LOCK_EX);
  take_file(longest_hold);
}

FolderLock::~FolderLock() {
  if (file_handle_ >= 0) {
    // Who took us for dead has made another one.
    struct stat ours {}, there {};
    const bool is_ours = ::fstat(file_handle_, &ours) == 0 && ::stat(file_.c_str(), &there) == 0 &&
                         ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
    if (is_ours) ::unlink(file_.c_str());
    ::close(file_handle_);
  }
  if (folder_handle_ >= 0) ::close(folder_handle_);
}

void FolderLock::take_file(milliseconds longest_hold) {
  constexpr milliseconds kLongestSleep{100};
  const std::string token = new_token(file_);
  milliseconds sleep{1};
  std::string seen;
  Clock::time_point seen_since = Clock::now();
  while (true) {
    const int handle = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (handle >= 0) {
      file_handle_ = handle;
      // One that could not be written says nothing, and is a lock all the same.
      [[maybe_unused]] const ssize_t written = ::write(handle, token.data(), token.size());
      return;
    }
    if (errno != EEXIST) return;
    const auto holder = text_of(file_);
    if (!holder) continue;
    if (*holder != seen) {
      seen = *holder;
      seen_since = Clock::now();
    }
    if (life_of_holder(seen) == ProcessLife::ended || Clock::now() - seen_since > longest_hold) {
      break_lock(file_, seen);
      continue;
    }
    std::this_thread::sleep_for(sleep);
    sleep = std::min(sleep * 2, kLongestSleep);
  }
}

void FolderLock::remove_abandoned(const fs::path& folder) {
  const fs::path file = folder / kFileName;
  const auto holder = text_of(file);
  if (holder && life_of_holder(*holder) == ProcessLife::ended) break_lock(file, *holder);
}

}  // namespace spec2::pipeline
