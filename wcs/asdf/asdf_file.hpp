#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "core/error.hpp"

namespace spec2::asdf {

/// A field of a table stored as an ndarray, or the one type of a plain array.
struct DataType {
  std::string name;       ///< of the field; empty for plain arrays
  char kind = 'f';        ///< 'f' real, 'i' signed, 'u' unsigned, 'b' boolean, 's' text of `size` bytes
  std::size_t size = 8;   ///< bytes of one value
  std::size_t offset = 0; ///< in a row
  bool big_endian = false;
};

/// Shape and layout of an ndarray node.
struct ArrayInfo {
  std::vector<std::size_t> shape;
  std::vector<DataType> fields;  ///< one for plain arrays
  std::size_t item_bytes = 8;    ///< of one element or row
  std::size_t offset = 0;        ///< in the block, of the value that lies first there
  bool is_reversed = false;      ///< a plain row whose values lie in the opposite order
  int block = -1;                ///< -1: values stand in the tree
  std::string external;          ///< "fits:SCI,1" when the values lie in another HDU
  std::size_t count() const;
};

/// An ASDF file (or the ASDF extension of a FITS file): the YAML tree and the binary blocks behind it, read when asked
/// for. Sizes are checked against the file before anything is allocated. Standard: ASDF 1.6; compressions zlib, bzp2, lz4.
/// Errors name the file and have the cause given on opening.
class AsdfFile {
 public:
  static constexpr std::size_t kLargestTree = std::size_t{64} << 20;

  /// Entries at the top of the tree named in `passed_over` are not read, where the rest can be read without them: reading the
  /// text of a tree takes longer than anything that is done with it.
  static AsdfFile open(const std::filesystem::path& path, ErrorCause cause = ErrorCause::reference,
                       std::span<const std::string_view> passed_over = {});
  /// Takes the bytes over; `name` stands in errors.
  static AsdfFile from_bytes(std::vector<std::byte> bytes, std::string name, ErrorCause cause = ErrorCause::data);
  AsdfFile(AsdfFile&&) noexcept;
  AsdfFile& operator=(AsdfFile&&) noexcept;
  ~AsdfFile();

  const std::string& name() const noexcept;
  const YAML::Node& tree() const noexcept;

  /// The node at a path such as "meta.instrument.name"; throws when a part is missing.
  YAML::Node at(std::string_view path) const;
  bool has(std::string_view path) const;
  double real(std::string_view path) const;
  std::string text(std::string_view path) const;
  std::vector<double> reals(std::string_view path) const;

  /// Layout of an array node (ndarray tag or a plain list of numbers).
  ArrayInfo array_info(const YAML::Node& node) const;
  /// All values as doubles, last axis fastest. Plain lists are arrays too.
  std::vector<double> array(const YAML::Node& node) const;
  /// Rows [first, first + count) of the field `name` of a table.
  std::vector<double> table_column(const YAML::Node& node, std::string_view field, std::size_t first, std::size_t count) const;

  std::size_t block_count() const noexcept;
  [[noreturn]] void fail(const std::string& problem, const std::string& key = {}) const;

 private:
  struct Content;
  explicit AsdfFile(std::unique_ptr<Content> content, std::span<const std::string_view> passed_over = {});
  std::unique_ptr<Content> content_;
};

}  // namespace spec2::asdf
