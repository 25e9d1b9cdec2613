#include "wcs/asdf/asdf_document.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "wcs/asdf/block.hpp"

namespace spec2::asdf {
namespace {

void append(std::vector<std::byte>& bytes, const void* data, std::size_t count) {
  const auto* const first = static_cast<const std::byte*>(data);
  bytes.insert(bytes.end(), first, first + count);
}

void append_big_endian(std::vector<std::byte>& bytes, std::uint64_t value, int width) {
  for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>(value >> shift));
}

}  // namespace

AsdfDocument::AsdfDocument(const std::string& program, const std::string& version) {
  tree_ = fmt::format(
      "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n"
      "asdf_library: !core/software-1.0.0 {{name: {}, version: '{}'}}\n",
      program, version);
}

std::size_t AsdfDocument::add_block(std::span<const std::byte> data) {
  blocks_.emplace_back(data.begin(), data.end());
  return blocks_.size() - 1;
}

std::vector<std::byte> AsdfDocument::bytes() const {
  std::vector<std::byte> file;
  append(file, tree_.data(), tree_.size());
  append(file, "...\n", 4);
  std::string index = "#ASDF BLOCK INDEX\n%YAML 1.1\n---\n";
  for (const auto& block : blocks_) {
    index += fmt::format("- {}\n", file.size());
    append(file, kBlockMagic, sizeof kBlockMagic);
    append_big_endian(file, kBlockHeaderBytes, 2);
    append_big_endian(file, 0, 4);  // flags
    append_big_endian(file, 0, 4);  // no compression
    for (int i = 0; i < 3; ++i) append_big_endian(file, block.size(), 8);  // allocated, used, data
    append_big_endian(file, 0, 8);  // a checksum of zeros is none
    append_big_endian(file, 0, 8);
    append(file, block.data(), block.size());
  }
  index += "...\n";
  if (!blocks_.empty()) append(file, index.data(), index.size());
  return file;
}

}  // namespace spec2::asdf
