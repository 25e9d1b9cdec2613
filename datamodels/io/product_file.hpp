#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "datamodels/metadata.hpp"

namespace spec2::io {

/// A header card to be written. Numbers keep all their digits; NaN and infinity, which FITS cannot hold, are left out.
struct Card {
  std::string keyword;
  MetaValue value;
  std::string comment;
};

/// A column of a table to be written: `values` hold rows * repeat numbers, row after row.
struct ColumnData {
  enum class Type { real64, integer32, unsigned32 };
  std::string name;
  std::string unit;
  Type type = Type::real64;
  std::size_t repeat = 1;
  std::vector<double> values;
};

/// A FITS file being written under a temporary name in the folder of its final name. `finish` completes and syncs it,
/// `commit` gives it its name (a rename: readers never see half a file); without commit it is removed. Throws
/// Error(system) naming the final file when the disk is full or the folder cannot be written.
class ProductFile {
 public:
  static ProductFile create(const std::filesystem::path& path);
  ProductFile(ProductFile&&) noexcept;
  ProductFile& operator=(ProductFile&&) noexcept;
  ~ProductFile();

  const std::filesystem::path& path() const noexcept;

  /// The primary HDU, without data; must come first.
  void write_primary(std::span<const Card> cards);
  /// Image extensions; `shape` slowest axis first, `values` in that order.
  void write_image(std::string_view name, int version, std::span<const std::size_t> shape, std::span<const float> values,
                   std::span<const Card> cards);
  void write_image(std::string_view name, int version, std::span<const std::size_t> shape, std::span<const std::uint32_t> values,
                   std::span<const Card> cards);
  void write_image(std::string_view name, int version, std::span<const std::size_t> shape, std::span<const std::int32_t> values,
                   std::span<const Card> cards);
  void write_table(std::string_view name, int version, std::size_t rows, std::span<const ColumnData> columns,
                   std::span<const Card> cards);
  /// A table of one cell that holds these bytes (the ASDF extension).
  void write_bytes(std::string_view name, std::string_view column, std::span<const std::byte> bytes);

  void finish();
  void commit();

 private:
  struct State;
  explicit ProductFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace spec2::io
