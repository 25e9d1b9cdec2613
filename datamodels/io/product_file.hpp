#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/parallel.hpp"
#include "datamodels/io/extension_headers.hpp"
#include "datamodels/io/file_system.hpp"
#include "datamodels/io/table_rows.hpp"

namespace spec2::io {

/// A FITS file being written under a temporary name in the folder of its final name. `finish` completes it,
/// `commit` syncs it and gives it its name (a rename: readers never see half a file); without commit it is removed. Throws
/// Error(system) naming the final file when the disk is full or the folder cannot be written.
///
/// FITS is written here and not by CFITSIO: the place of every HDU is known when it is begun, so that time series go to
/// the file by blocks of integrations, thousands of HDUs cost linear time, and each operation can be made to fail in tests.
class ProductFile {
 public:
  static ProductFile create(const std::filesystem::path& path, FileSystem& files = FileSystem::system());
  ProductFile(ProductFile&&) noexcept;
  ProductFile& operator=(ProductFile&&) noexcept;
  ~ProductFile();

  const std::filesystem::path& path() const noexcept;
  /// Bytes of the file so far.
  std::uint64_t size() const noexcept;

  /// The primary HDU, without data; must come first, in this way or begun as `primary_hdu`.
  void write_primary(std::span<const Card> cards);

  /// Image extensions; `shape` slowest axis first, `values` in that order.
  void write_image(std::string_view name, int version, std::span<const std::size_t> shape, std::span<const float> values,
                   std::span<const Card> cards);
  void write_image(std::string_view name, int version, std::span<const std::size_t> shape, std::span<const std::uint32_t> values,
                   std::span<const Card> cards);
  void write_image(std::string_view name, int version, std::span<const std::size_t> shape, std::span<const std::int32_t> values,
                   std::span<const Card> cards);

  /// An extension whose data come later and in parts. `finish` refuses a file in which values of one are missing.
  enum class HduId : std::size_t {};
  HduId begin(const NewHdu& hdu);
  HduId begin_image(std::string_view name, int version, std::span<const std::size_t> shape, PixelType type,
                    std::span<const Card> cards);
  /// Values from `first` on, counted over the whole image. Each value is written once.
  void write_values(HduId hdu, std::size_t first, std::span<const float> values);
  void write_values(HduId hdu, std::size_t first, std::span<const std::uint32_t> values);
  void write_values(HduId hdu, std::size_t first, std::span<const std::int32_t> values);

  /// Values of an image that was begun.
  struct Part {
    HduId hdu;
    std::size_t first;                  ///< counted over the whole image
    std::span<const std::byte> values;  ///< in the order of bytes of this machine
  };
  /// All rows of a table that was begun.
  struct Rows {
    HduId hdu;
    std::function<void(TableRows&)> fill;
  };
  /// Writes parts in pieces shared out to the threads, and tables, each to its place in the file; `meanwhile`, which may begin
  /// and write other HDUs, is one of the pieces.
  void write_together(std::span<const Part> parts, std::span<const Rows> tables, const Parallel& parallel,
                      const std::function<void()>& meanwhile);

  /// Takes the room of all HDUs so far on the disk: a full one is seen before the work is done, and threads that write do not
  /// wait for each other to get it.
  void take_room();
  /// What was written so far goes to the file. From here on, as long as no HDU is begun, several threads may write to different
  /// places by the two functions below.
  void flush();
  void write_part(const Part& part);
  void write_rows_at_once(HduId hdu, std::size_t first_row, std::span<const std::byte> rows);

  HduId begin_table(std::string_view name, int version, std::size_t rows, std::span<const ColumnForm> columns,
                    std::span<const Card> cards);
  /// Whole rows from `first_row` on.
  void write_rows(HduId hdu, std::size_t first_row, std::span<const std::byte> rows);

  /// SHA-256 of the headers of all HDUs so far, by which stdatamodels sees that nobody changed them since.
  std::string checksum_of_headers() const;

  /// A table of one cell that holds these bytes (the ASDF extension).
  void write_bytes(std::string_view name, std::string_view column, std::span<const std::byte> bytes);

  /// Completes the file.
  void finish();
  /// Sets the disk to work on what was written, so that `settle` waits the less; failures show there.
  void begin_sync();
  /// The file until it has its name.
  const std::filesystem::path& temporary_path() const noexcept;
  /// Waits until it is on the disk.
  void settle();
  /// Waits until it is on the disk and gives it its name, in place of a file that had it.
  void commit();

 private:
  friend void name_together(std::span<ProductFile> files);
  void name();
  struct State;
  explicit ProductFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Gives all files, which are on the disk, their names. When one cannot get its name, those before it lose theirs again: a
/// reader finds all products of a run or none of them.
void name_together(std::span<ProductFile> files);

}  // namespace spec2::io
