#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "datamodels/metadata.hpp"

namespace spec2::io {

enum class HduType { image, binary_table, ascii_table };

/// What an HDU of an opened file holds.
struct HduInfo {
  std::string name;   ///< EXTNAME; "PRIMARY" for the first
  int version = 1;    ///< EXTVER
  HduType type = HduType::image;
  std::vector<std::size_t> shape;  ///< of images, slowest axis first; empty without data
  bool is_float = false;           ///< values are real numbers (also by BSCALE)
  bool has_blank = false;          ///< an integer image in which one value (BLANK) stands for none
  std::size_t rows = 0;            ///< of tables
};

/// A column of a table as read.
struct TableColumn {
  std::string name;
  std::string unit;      ///< TUNIT, or empty
  std::size_t repeat = 1;///< elements a row; characters for text
  bool is_text = false;
  std::vector<std::size_t> shape;  ///< TDIM of a cell, slowest first; {repeat} without
};

/// A FITS file open for reading. Sizes in headers are checked against the size of the file before anything is read or
/// allocated. Errors name the file and the HDU; their cause is the one given to `open` (data or reference).
class FitsFile {
 public:
  /// Has CFITSIO fill its tables, which takes a millisecond; the first file to be opened does it else.
  static void prepare();

  /// Throws when the file does not exist, is no FITS file, or is truncated.
  static FitsFile open(const std::filesystem::path& path, ErrorCause cause = ErrorCause::data);
  FitsFile(FitsFile&&) noexcept;
  FitsFile& operator=(FitsFile&&) noexcept;
  ~FitsFile();

  const std::string& path() const noexcept;
  const std::vector<HduInfo>& hdus() const noexcept;
  bool has(std::string_view name, int version = 1) const noexcept;
  /// Number of HDUs of this name.
  std::size_t count(std::string_view name) const noexcept;
  /// Throws when there is no such HDU, listing those there are.
  const HduInfo& info(std::string_view name, int version = 1) const;

  /// Keywords of an HDU without those that only describe its layout. Long text is joined.
  Metadata header(std::string_view name, int version = 1);

  /// Values [first, first + out.size()) of an image in file order (fastest axis last), with BSCALE and BZERO applied.
  void read(std::string_view name, int version, std::size_t first, std::span<float> out);
  void read(std::string_view name, int version, std::size_t first, std::span<double> out);
  void read(std::string_view name, int version, std::size_t first, std::span<std::uint32_t> out);
  void read(std::string_view name, int version, std::size_t first, std::span<std::int32_t> out);
  /// A whole image as doubles; for small ones.
  std::vector<double> read_all(std::string_view name, int version = 1);

  /// Columns of a table. `has_column` and the others are blind to case.
  std::vector<TableColumn> columns(std::string_view name, int version = 1);
  bool has_column(std::string_view name, int version, std::string_view column);
  TableColumn column(std::string_view name, int version, std::string_view column);
  /// All rows of a column, row after row (repeat values each). Rows [first_row, first_row + row_count) with the latter.
  std::vector<double> column_real(std::string_view name, int version, std::string_view column);
  std::vector<double> column_real(std::string_view name, int version, std::string_view column, std::size_t first_row,
                                  std::size_t row_count);
  std::vector<std::int64_t> column_integer(std::string_view name, int version, std::string_view column);
  /// Text without trailing blanks.
  std::vector<std::string> column_text(std::string_view name, int version, std::string_view column);
  /// The bytes of the first cell of a column of unsigned bytes (the ASDF extension).
  std::vector<std::byte> column_bytes(std::string_view name, int version, std::string_view column);

 private:
  struct Handle;
  explicit FitsFile(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
};

}  // namespace spec2::io
