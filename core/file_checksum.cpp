#include "core/file_checksum.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/error.hpp"

namespace spec2 {
namespace {

/// Stays in the cache of one processor while it is filled and summed.
constexpr std::size_t kBufferBytes = std::size_t{256} << 10;

[[noreturn]] void fail(const char* action, const std::filesystem::path& file) {
  const int why = errno;
  throw Error(ErrorCause::system, fmt::format("cannot {}: {}", action, std::generic_category().message(why)),
              {.file = file.string()});
}

class OpenFile {
 public:
  explicit OpenFile(const std::filesystem::path& file) : path_(file), handle_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (handle_ < 0) fail("open the file", file);
  }
  ~OpenFile() { ::close(handle_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  std::size_t read(unsigned char* to, std::size_t bytes) const {
    ssize_t got = 0;
    do got = ::read(handle_, to, bytes);
    while (got < 0 && errno == EINTR);
    if (got < 0) fail("read the file", path_);
    return static_cast<std::size_t>(got);
  }

 private:
  const std::filesystem::path& path_;
  int handle_;
};

}  // namespace

FileState file_state(const std::filesystem::path& file) {
  struct stat state {};
  if (::stat(file.c_str(), &state) != 0) fail("find the file", file);
  return {static_cast<std::uint64_t>(state.st_size),
          std::int64_t{state.st_mtim.tv_sec} * 1'000'000'000 + std::int64_t{state.st_mtim.tv_nsec}};
}

std::string file_checksum(const std::filesystem::path& file) {
  const OpenFile open(file);
  const auto buffer = std::make_unique_for_overwrite<unsigned char[]>(kBufferBytes);
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  while (const std::size_t got = open.read(buffer.get(), kBufferBytes)) XXH3_128bits_update(&state, buffer.get(), got);
  const XXH128_hash_t sum = XXH3_128bits_digest(&state);
  return fmt::format("xxh128:{:016x}{:016x}", sum.high64, sum.low64);
}

}  // namespace spec2
