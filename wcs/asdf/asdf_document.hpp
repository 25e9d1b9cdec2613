#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace spec2::asdf {

/// An ASDF file being composed in memory: the YAML tree as text and the binary blocks behind it. Standard: ASDF 1.6.0.
class AsdfDocument {
 public:
  /// Starts the tree with the version lines and the program that wrote it.
  AsdfDocument(const std::string& program, const std::string& version);
  /// YAML of the tree so far; top-level names go to the start of a line.
  std::string& tree() noexcept { return tree_; }
  /// Adds an uncompressed block; gives the number by which an ndarray names it as its source.
  std::size_t add_block(std::span<const std::byte> data);
  /// The whole file: tree, blocks, block index.
  std::vector<std::byte> bytes() const;

 private:
  std::string tree_;
  std::vector<std::vector<std::byte>> blocks_;
};

}  // namespace spec2::asdf
