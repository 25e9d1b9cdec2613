#pragma once

#include <algorithm>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <vector>

namespace spec2::asdf {

/// Bytes of a file or of memory, read at any place.
class ByteSource {
 public:
  explicit ByteSource(const std::filesystem::path& path) : file_(path, std::ios::binary) {
    if (file_) {
      file_.seekg(0, std::ios::end);
      size_ = static_cast<std::uint64_t>(file_.tellg());
    }
  }
  explicit ByteSource(std::vector<std::byte> bytes) : bytes_(std::move(bytes)), size_(bytes_.size()), in_memory_(true) {}

  bool good() const { return in_memory_ || file_.good(); }
  std::uint64_t size() const { return size_; }

  /// False when the bytes are not all there.
  bool read(std::uint64_t from, std::span<std::byte> out) {
    if (from > size_ || out.size() > size_ - from) return false;
    if (in_memory_) {
      std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(from), out.size(), out.begin());
      return true;
    }
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(from));
    file_.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
    return file_.good();
  }

 private:
  std::ifstream file_;
  std::vector<std::byte> bytes_;
  std::uint64_t size_ = 0;
  bool in_memory_ = false;
};

}  // namespace spec2::asdf
