#include "tests/soak/dateless_product.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <span>
#include <string_view>

namespace spec2::test {
namespace {

/// A file in memory, changes to which stay there.
class Copy {
 public:
  explicit Copy(const std::filesystem::path& path) {
    const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat state {};
    if (handle < 0 || ::fstat(handle, &state) != 0 || state.st_size == 0) return;
    size_ = static_cast<std::size_t>(state.st_size);
    void* const data = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE, handle, 0);
    ::close(handle);
    if (data != MAP_FAILED) data_ = static_cast<char*>(data);
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ~Copy() {
    if (data_) ::munmap(data_, size_);
  }

  std::string_view text() const { return {data_, data_ ? size_ : 0}; }

  void blank(std::string_view part) {
    for (void* at = data_; at;) {
      char* const from = static_cast<char*>(at);
      at = ::memmem(from, size_ - static_cast<std::size_t>(from - data_), part.data(), part.size());
      if (at) std::memset(at, '?', part.size());
    }
  }
  void blank_behind(std::string_view mark, std::size_t count) {
    const std::size_t at = text().find(mark);
    if (at != std::string_view::npos && at + mark.size() + count <= size_) std::memset(data_ + at + mark.size(), '?', count);
  }

  void prepare(const std::string& name) {
    constexpr std::string_view kDate = "DATE    = '";
    constexpr std::size_t kDateLength = 23, kChecksumLength = 64;
    char date[kDateLength];
    const std::size_t at = text().find(kDate);
    if (at != std::string_view::npos && at + kDate.size() + kDateLength <= size_) {
      std::memcpy(date, data_ + at + kDate.size(), kDateLength);
      blank({date, kDateLength});
    }
    blank_behind("_fits_hash: '", kChecksumLength);
    blank(name);
  }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace

bool same_but_for_dates(const std::filesystem::path& one, const std::string& one_name, const std::filesystem::path& other,
                        const std::string& other_name) {
  Copy a(one), b(other);
  a.prepare(one_name);
  b.prepare(other_name);
  return !a.text().empty() && a.text() == b.text();
}

}  // namespace spec2::test
