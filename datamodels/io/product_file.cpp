#include "datamodels/io/product_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <system_error>
#include <utility>

#include "core/checksum.hpp"
#include "core/error.hpp"
#include "datamodels/io/extension_headers.hpp"
#include "datamodels/io/stored_values.hpp"

namespace spec2::io {
namespace {

/// Bytes gathered before they go to the file.
constexpr std::size_t kBufferBytes = std::size_t{256} << 10;

/// Bytes that are turned and written at once when threads share a product: whole blocks of this size of the file, as the system
/// is slow where two threads write to one page.
constexpr std::size_t kPieceBytes = std::size_t{128} << 10;

/// Most bytes of headers that wait for their checksum: it is made while other threads write.
constexpr std::size_t kHeaderBytes = std::size_t{512} << 10;

/// Bytes of a large product after which the disk is set to work on them.
constexpr std::uint64_t kSyncBytes = std::uint64_t{8} << 20;

std::uint64_t padded(std::uint64_t bytes) { return (bytes + kBlockLength - 1) / kBlockLength * kBlockLength; }

}  // namespace

struct ProductFile::State {
  struct Hdu {
    std::string label;
    std::uint64_t data_start = 0;
    std::uint64_t bytes = 0;
    std::uint64_t written = 0;
    std::size_t unit = 0;  ///< bytes of a value or row
    PixelType type = PixelType::real32;
  };

  FileSystem& files;
  std::filesystem::path path;
  std::filesystem::path temporary;
  int handle = -1;
  int lock = -1;        ///< the file once more: it stays locked from its completion until it has its name
  bool exists = false;  ///< under the temporary name
  std::uint64_t end = 0;
  std::vector<Hdu> hdus;
  std::vector<std::byte> buffer;
  std::uint64_t buffer_start = 0;
  std::atomic<std::uint64_t> written = 0;  ///< bytes, which set the disk to work now and then
  Sha256 headers;
  std::string unsummed_headers;  ///< behind those in the checksum

  explicit State(FileSystem& file_system) : files(file_system) {}
  ~State() {
    if (handle >= 0) files.close(handle);
    if (exists) files.remove(temporary);
    if (lock >= 0) ::close(lock);
  }

  [[noreturn]] void fail(std::string_view action, int why) const {
    throw Error(ErrorCause::system, fmt::format("cannot {}: {}", action, std::generic_category().message(why)),
                {.file = path.string()}, "Check the free space of the disk and the permissions of the folder");
  }

  void flush() {
    if (buffer.empty()) return;
    write(buffer, buffer_start);
    buffer_start += buffer.size();
    buffer.clear();
  }

  /// Different places may be written at the same time.
  void write(std::span<const std::byte> bytes, std::uint64_t at) {
    if (const int why = files.write(handle, bytes, at)) fail("write the product", why);
    const std::uint64_t before = written.fetch_add(bytes.size());
    if (before / kSyncBytes != (before + bytes.size()) / kSyncBytes) files.begin_sync(handle);
  }

  /// Gathers bytes for this place.
  void put(std::uint64_t at, std::span<const std::byte> bytes) {
    if (at != buffer_start + buffer.size() || buffer.size() + bytes.size() > kBufferBytes) {
      flush();
      buffer_start = at;
    }
    if (bytes.size() > kBufferBytes) {
      write(bytes, at);
      buffer_start = at + bytes.size();
      return;
    }
    buffer.insert(buffer.end(), bytes.begin(), bytes.end());
  }

  void put_zeros(std::uint64_t at, std::size_t count) {
    static constexpr std::byte kZeros[kBlockLength] = {};
    put(at, {kZeros, count});
  }

  Hdu& begin(const NewHdu& hdu) {
    put(end, std::as_bytes(std::span(hdu.header)));
    unsummed_headers += hdu.header;
    if (unsummed_headers.size() > kHeaderBytes) sum_headers();
    hdus.push_back({hdu.label, end + hdu.header.size(), hdu.bytes, 0, hdu.unit, hdu.type});
    end += hdu.header.size() + padded(hdu.bytes);
    return hdus.back();
  }

  void sum_headers() {
    headers.add(std::as_bytes(std::span(unsummed_headers)));
    unsummed_headers.clear();
  }

  /// Room of the HDU for `count` units from `first` on; gives the place in the file.
  std::uint64_t claim(Hdu& hdu, std::size_t first, std::size_t count) {
    const std::uint64_t units = hdu.bytes / hdu.unit;
    if (first > units || count > units - first) {
      throw Error(ErrorCause::internal, fmt::format("values {} to {} written to an HDU with {}", first, first + count, units),
                  {.file = path.string(), .hdu = hdu.label});
    }
    std::atomic_ref(hdu.written) += count * hdu.unit;
    return hdu.data_start + first * hdu.unit;
  }

  template <class T>
  void write_values(Hdu& hdu, std::size_t first, std::span<const T> values) {
    if (hdu.type != pixel_type(T{})) {
      throw Error(ErrorCause::internal, "values of another type than the HDU was begun with",
                  {.file = path.string(), .hdu = hdu.label});
    }
    std::uint64_t at = claim(hdu, first, values.size());
    while (!values.empty()) {
      if (at != buffer_start + buffer.size() || buffer.size() + sizeof(T) > kBufferBytes) {
        flush();
        buffer_start = at;
      }
      const std::size_t used = buffer.size();
      const std::size_t count = std::min(values.size(), (kBufferBytes - used) / sizeof(T));
      buffer.resize(used + count * sizeof(T));
      std::byte* const out = buffer.data() + used;
      for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t bits = stored_bits(values[i]);
        std::memcpy(out + i * sizeof bits, &bits, sizeof bits);
      }
      at += count * sizeof(T);
      values = values.subspan(count);
    }
    if (hdu.written == hdu.bytes) put_zeros(hdu.data_start + hdu.bytes, padded(hdu.bytes) - hdu.bytes);
  }

  template <class T>
  void write_image(std::string_view name, int version, std::span<const std::size_t> shape, std::span<const T> values,
                   std::span<const Card> cards) {
    write_values(begin(image_hdu(name, version, shape, pixel_type(T{}), cards)), 0, values);
  }

  /// Bytes of a part that are turned and written at once; they end where a block of kPieceBytes of the file does.
  struct Piece {
    std::span<const std::byte> values;
    std::uint64_t at;
    std::uint32_t changed_bits;
    std::size_t padding;
  };

  void divide(const Part& part, std::vector<Piece>& pieces) {
    Hdu& hdu = hdus.at(static_cast<std::size_t>(part.hdu));
    const std::uint64_t start = claim(hdu, part.first, part.values.size() / hdu.unit);
    const std::uint64_t end_of_data = hdu.data_start + hdu.bytes;
    std::uint64_t at = start;
    for (auto rest = part.values; !rest.empty();) {
      const std::size_t bytes = std::min<std::size_t>(kPieceBytes - at % kPieceBytes, rest.size());
      const bool is_last = at + bytes == end_of_data;
      pieces.push_back({rest.first(bytes), at, hdu.type == PixelType::unsigned32 ? kSignBit : 0u,
                        is_last ? padded(hdu.bytes) - hdu.bytes : 0});
      at += bytes;
      rest = rest.subspan(bytes);
    }
  }

  void write(const Piece& piece) {
    std::array<std::byte, kPieceBytes + kBlockLength> stored;
    const std::size_t bytes = piece.values.size();
    store(piece.values.data(), bytes / sizeof(std::uint32_t), piece.changed_bits, stored.data());
    std::fill_n(stored.begin() + static_cast<std::ptrdiff_t>(bytes), piece.padding, std::byte{0});
    write({stored.data(), bytes + piece.padding}, piece.at);
  }

  /// A table that is filled and written at once.
  struct TablePiece {
    const std::function<void(TableRows&)>* fill;
    std::uint64_t at;
    std::uint64_t bytes;
    std::string label;
  };

  TablePiece table_piece(const Rows& table) {
    Hdu& hdu = hdus.at(static_cast<std::size_t>(table.hdu));
    return {&table.fill, claim(hdu, 0, hdu.bytes / hdu.unit), hdu.bytes, hdu.label};
  }

  void write(const TablePiece& piece) {
    static constexpr std::byte kZeros[kBlockLength] = {};
    TableRows rows;
    rows.reserve(padded(piece.bytes));
    (*piece.fill)(rows);
    if (rows.bytes().size() != piece.bytes) {
      throw Error(ErrorCause::internal, fmt::format("{} bytes for a table of {}", rows.bytes().size(), piece.bytes),
                  {.file = path.string(), .hdu = piece.label});
    }
    write(rows.bytes(), piece.at);
    write({kZeros, padded(piece.bytes) - piece.bytes}, piece.at + piece.bytes);
  }

  void write_padding(const Hdu& hdu) {
    static constexpr std::byte kZeros[kBlockLength] = {};
    const std::size_t count = padded(hdu.bytes) - hdu.bytes;
    if (count > 0) write({kZeros, count}, hdu.data_start + hdu.bytes);
  }

  void write_rows(Hdu& hdu, std::size_t first_row, std::span<const std::byte> rows) {
    put(claim(hdu, first_row, rows.size() / hdu.unit), rows);
    if (hdu.written == hdu.bytes) put_zeros(hdu.data_start + hdu.bytes, padded(hdu.bytes) - hdu.bytes);
  }
};

ProductFile::ProductFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
ProductFile::ProductFile(ProductFile&&) noexcept = default;
ProductFile& ProductFile::operator=(ProductFile&&) noexcept = default;
ProductFile::~ProductFile() = default;

ProductFile ProductFile::create(const std::filesystem::path& path, FileSystem& files) {
  auto state = std::make_unique<State>(files);
  state->path = path;
  state->temporary = temporary_name(path);
  if (const int why = files.create(state->temporary, state->handle)) {
    state->handle = -1;
    state->fail("create the product", why);
  }
  state->exists = true;
  state->buffer.reserve(kBufferBytes);
  return ProductFile(std::move(state));
}

const std::filesystem::path& ProductFile::path() const noexcept { return state_->path; }
const std::filesystem::path& ProductFile::temporary_path() const noexcept { return state_->temporary; }
std::uint64_t ProductFile::size() const noexcept { return state_->end; }

void ProductFile::write_primary(std::span<const Card> cards) {
  state_->begin(primary_hdu(cards));
}

void ProductFile::write_image(std::string_view name, int version, std::span<const std::size_t> shape,
                              std::span<const float> values, std::span<const Card> cards) {
  state_->write_image(name, version, shape, values, cards);
}

void ProductFile::write_image(std::string_view name, int version, std::span<const std::size_t> shape,
                              std::span<const std::uint32_t> values, std::span<const Card> cards) {
  state_->write_image(name, version, shape, values, cards);
}

void ProductFile::write_image(std::string_view name, int version, std::span<const std::size_t> shape,
                              std::span<const std::int32_t> values, std::span<const Card> cards) {
  state_->write_image(name, version, shape, values, cards);
}

ProductFile::HduId ProductFile::begin(const NewHdu& hdu) {
  state_->begin(hdu);
  return HduId{state_->hdus.size() - 1};
}

ProductFile::HduId ProductFile::begin_image(std::string_view name, int version, std::span<const std::size_t> shape,
                                            PixelType type, std::span<const Card> cards) {
  return begin(image_hdu(name, version, shape, type, cards));
}

void ProductFile::write_values(HduId hdu, std::size_t first, std::span<const float> values) {
  state_->write_values(state_->hdus.at(static_cast<std::size_t>(hdu)), first, values);
}
void ProductFile::write_values(HduId hdu, std::size_t first, std::span<const std::uint32_t> values) {
  state_->write_values(state_->hdus.at(static_cast<std::size_t>(hdu)), first, values);
}
void ProductFile::write_values(HduId hdu, std::size_t first, std::span<const std::int32_t> values) {
  state_->write_values(state_->hdus.at(static_cast<std::size_t>(hdu)), first, values);
}

void ProductFile::write_together(std::span<const Part> parts, std::span<const Rows> tables, const Parallel& parallel,
                                 const std::function<void()>& meanwhile) {
  State& state = *state_;
  // Places are settled here: HDUs that `meanwhile` begins move those that stand in the list.
  std::vector<State::TablePiece> table_pieces;
  for (const Rows& table : tables) table_pieces.push_back(state.table_piece(table));
  std::vector<State::Piece> pieces;
  for (const Part& part : parts) state.divide(part, pieces);
  state.flush();
  // What cannot be shared out goes first.
  parallel.for_each(1 + table_pieces.size() + pieces.size(), [&](std::size_t i) {
    if (i == 0) meanwhile();
    else if (i <= table_pieces.size()) state.write(table_pieces[i - 1]);
    else state.write(pieces[i - 1 - table_pieces.size()]);
  });
}

void ProductFile::take_room() {
  if (const int why = state_->files.take_room(state_->handle, state_->end)) state_->fail("take room for the product", why);
}

void ProductFile::flush() { state_->flush(); }

void ProductFile::write_part(const Part& part) {
  std::vector<State::Piece> pieces;
  state_->divide(part, pieces);
  for (const State::Piece& piece : pieces) state_->write(piece);
}

void ProductFile::write_rows_at_once(HduId hdu_id, std::size_t first_row, std::span<const std::byte> rows) {
  State::Hdu& hdu = state_->hdus.at(static_cast<std::size_t>(hdu_id));
  const std::size_t count = rows.size() / hdu.unit;
  state_->write(rows, state_->claim(hdu, first_row, count));
  if ((first_row + count) * hdu.unit == hdu.bytes) state_->write_padding(hdu);
}

ProductFile::HduId ProductFile::begin_table(std::string_view name, int version, std::size_t rows,
                                            std::span<const ColumnForm> columns, std::span<const Card> cards) {
  return begin(table_hdu(name, version, rows, columns, cards));
}

void ProductFile::write_rows(HduId hdu, std::size_t first_row, std::span<const std::byte> rows) {
  state_->write_rows(state_->hdus.at(static_cast<std::size_t>(hdu)), first_row, rows);
}

void ProductFile::write_bytes(std::string_view name, std::string_view column, std::span<const std::byte> bytes) {
  const ColumnForm form{std::string(column), "", ColumnForm::Type::bytes, bytes.size()};
  write_rows(begin_table(name, 1, 1, {&form, 1}, {}), 0, bytes);
}

std::string ProductFile::checksum_of_headers() const {
  state_->sum_headers();
  return state_->headers.hex();
}

void ProductFile::finish() {
  for (const State::Hdu& hdu : state_->hdus) {
    if (hdu.written != hdu.bytes) {
      throw Error(ErrorCause::internal, fmt::format("{} of {} bytes of an HDU were written", hdu.written, hdu.bytes),
                  {.file = state_->path.string(), .hdu = hdu.label});
    }
  }
  state_->flush();
  state_->buffer = {};
}

void ProductFile::begin_sync() { state_->files.begin_sync(state_->handle); }

void ProductFile::settle() {
  if (const int why = state_->files.sync(state_->handle)) state_->fail("sync the product", why);
  state_->lock = ::fcntl(state_->handle, F_DUPFD_CLOEXEC, 0);
  if (const int why = state_->files.close(std::exchange(state_->handle, -1))) state_->fail("complete the product", why);
}

void ProductFile::name() {
  if (const int why = state_->files.rename(state_->temporary, state_->path)) state_->fail("name the product", why);
  state_->exists = false;
  if (state_->lock >= 0) ::close(std::exchange(state_->lock, -1));
}

void ProductFile::commit() {
  settle();
  name();
}

void name_together(std::span<ProductFile> files) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    try {
      files[i].name();
    } catch (...) {
      for (ProductFile& named : files.first(i)) named.state_->files.remove(named.path());
      throw;
    }
  }
}

}  // namespace spec2::io
