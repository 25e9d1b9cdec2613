#include "core/file_checksum.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <system_error>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/error.hpp"

namespace spec2 {
namespace {

/// Stays in the cache of one processor while it is filled and summed.
constexpr std::size_t kBufferBytes = std::size_t{256} << 10;
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

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

  /// All of `to`, from byte `offset` of the file on.
  void read(std::uint64_t offset, std::span<unsigned char> to) const {
    while (!to.empty()) {
      const ssize_t got = ::pread(handle_, to.data(), to.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail("read the file", path_);
      if (got == 0) throw Error(ErrorCause::system, "the file became shorter while it was read", {.file = path_.string()});
      offset += static_cast<std::uint64_t>(got);
      to = to.subspan(static_cast<std::size_t>(got));
    }
  }

 private:
  const std::filesystem::path& path_;
  int handle_;
};

std::string hexadecimal(const XXH128_canonical_t& digest) {
  std::string text;
  for (const unsigned char byte : digest.digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace

FileState file_state(const std::filesystem::path& file) {
  struct stat state {};
  if (::stat(file.c_str(), &state) != 0) fail("find the file", file);
  return {static_cast<std::uint64_t>(state.st_size),
          std::int64_t{state.st_mtim.tv_sec} * 1'000'000'000 + std::int64_t{state.st_mtim.tv_nsec}};
}

struct ChecksumAhead::State {
  std::filesystem::path path;
  std::uint64_t size;
  std::vector<XXH128_canonical_t> digests;  ///< of the pieces
  std::vector<WorkAhead> work;

  void sum(std::size_t piece) {
    const OpenFile file(path);
    const std::uint64_t begin = piece * kPieceBytes, end = std::min(size, begin + kPieceBytes);
    const auto buffer = std::make_unique_for_overwrite<unsigned char[]>(kBufferBytes);
    XXH3_state_t state;
    XXH3_128bits_reset(&state);
    for (std::uint64_t at = begin; at < end; at += kBufferBytes) {
      const std::span<unsigned char> bytes(buffer.get(), std::min<std::uint64_t>(kBufferBytes, end - at));
      file.read(at, bytes);
      XXH3_128bits_update(&state, bytes.data(), bytes.size());
    }
    XXH128_canonicalFromHash(&digests[piece], XXH3_128bits_digest(&state));
  }
};

ChecksumAhead::ChecksumAhead(const std::filesystem::path& file, const Parallel& parallel)
    : state_(std::make_unique<State>(State{file, file_state(file).size, {}, {}})) {
  State* const state = state_.get();
  state->digests.resize(std::max<std::uint64_t>((state->size + kPieceBytes - 1) / kPieceBytes, 1));
  for (std::size_t i = 0; i < state->digests.size(); ++i) {
    state->work.push_back(parallel.ahead([state, i] { state->sum(i); }, Parallel::Wanted::some_time));
  }
}

ChecksumAhead::ChecksumAhead(ChecksumAhead&&) noexcept = default;
ChecksumAhead& ChecksumAhead::operator=(ChecksumAhead&&) noexcept = default;
ChecksumAhead::~ChecksumAhead() = default;

std::string ChecksumAhead::finish() {
  finish_all(state_->work);
  const auto& digests = state_->digests;
  if (digests.size() == 1) return "xxh128:" + hexadecimal(digests.front());
  XXH128_canonical_t whole;
  XXH128_canonicalFromHash(&whole, XXH3_128bits(digests.data(), digests.size() * sizeof(digests.front())));
  return "xxh128-1m:" + hexadecimal(whole);
}

std::string file_checksum(const std::filesystem::path& file) { return ChecksumAhead(file, Parallel()).finish(); }

}  // namespace spec2
