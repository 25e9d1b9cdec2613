#include "datamodels/io/fits_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <mutex>

#include "datamodels/io/fits_handle.hpp"
#include "datamodels/io/fits_structure.hpp"

namespace spec2::io {
namespace {

/// True when an array of these axes has at most `limit` bytes; safe for any axes a header may claim.
bool fits_into(const std::vector<LONGLONG>& axes, std::size_t value_bytes, std::size_t limit) {
  if (axes.empty() || std::find(axes.begin(), axes.end(), 0) != axes.end()) return true;
  std::size_t room = limit / std::max<std::size_t>(value_bytes, 1);
  for (const LONGLONG axis : axes) {
    if (axis < 0) return false;
    room /= static_cast<std::size_t>(axis);
  }
  return room > 0;
}

/// Keywords that describe the layout of an HDU, or say nothing about the data.
bool is_structural(std::string_view keyword) {
  static constexpr std::array kExact = {"SIMPLE",  "BITPIX",   "NAXIS",    "EXTEND",  "PCOUNT",  "GCOUNT", "XTENSION",
                                        "EXTNAME", "EXTVER",   "BSCALE",   "BZERO",   "TFIELDS", "THEAP",  "COMMENT",
                                        "HISTORY", "CONTINUE", "CHECKSUM", "DATASUM", "NEXTEND", ""};
  if (std::find(kExact.begin(), kExact.end(), keyword) != kExact.end()) return true;
  for (const std::string_view prefix : {"NAXIS", "TTYPE", "TFORM", "TUNIT", "TDIM", "TSCAL", "TZERO", "TNULL", "TDISP"}) {
    if (keyword.size() > prefix.size() && keyword.starts_with(prefix) &&
        std::all_of(keyword.begin() + static_cast<std::ptrdiff_t>(prefix.size()), keyword.end(),
                    [](char c) { return c >= '0' && c <= '9'; })) {
      return true;
    }
  }
  return false;
}

}  // namespace

HduInfo FitsFile::Handle::describe(int number, LONGLONG file_size) {
  HduInfo info;
  int status = 0;
  int type = 0;
  fits_movabs_hdu(file, number, &type, &status);
  check(status, "read a header", fmt::format("number {}", number));
  LONGLONG header_start = 0, data_start = 0, data_end = 0;
  fits_get_hduaddrll(file, &header_start, &data_start, &data_end, &status);
  char name[FLEN_VALUE] = "";
  int missing = 0;
  if (fits_read_key(file, TSTRING, "EXTNAME", name, nullptr, &missing) == 0) info.name = without_trailing_blanks(name);
  if (info.name.empty()) info.name = number == 1 ? "PRIMARY" : fmt::format("HDU{}", number);
  missing = 0;
  int version = 1;
  if (fits_read_key(file, TINT, "EXTVER", &version, nullptr, &missing) == 0) info.version = version;
  fits_clear_errmsg();
  if (file_size > 0 && data_end > file_size) {
    fail(fmt::format("the file is truncated: the HDU ends at byte {}, the file at {}", data_end, file_size), label(info), {},
         "Fetch or make the file again");
  }
  info.type = type == IMAGE_HDU ? HduType::image : type == BINARY_TBL ? HduType::binary_table : HduType::ascii_table;
  if (info.type == HduType::image) {
    int dimensions = 0;
    fits_get_img_dim(file, &dimensions, &status);
    std::vector<LONGLONG> axes(static_cast<std::size_t>(std::max(dimensions, 0)));
    if (dimensions > 0) fits_get_img_sizell(file, dimensions, axes.data(), &status);
    int value_type = 0, stored_type = 0;
    fits_get_img_equivtype(file, &value_type, &status);
    fits_get_img_type(file, &stored_type, &status);
    check(status, "read a header", label(info));
    if (!fits_into(axes, static_cast<std::size_t>(std::abs(stored_type)) / 8,
                   file_size > 0 ? static_cast<std::size_t>(file_size) : kLargestRead)) {
      fail("the axes of the image claim more bytes than the file has", label(info), "NAXIS",
           "The header is damaged; fetch or make the file again");
    }
    info.shape.assign(axes.rbegin(), axes.rend());
    info.is_float = value_type == FLOAT_IMG || value_type == DOUBLE_IMG;
    values.push_back({form_of(stored_type, value_type), static_cast<std::uint64_t>(data_start)});
    long blank = 0;
    missing = 0;
    info.has_blank = fits_read_key(file, TLONG, "BLANK", &blank, nullptr, &missing) == 0;
    fits_clear_errmsg();
  } else {
    LONGLONG rows = 0;
    fits_get_num_rowsll(file, &rows, &status);
    info.rows = static_cast<std::size_t>(rows);
    values.emplace_back();
  }
  check(status, "read a header", label(info));
  return info;
}

/// Of the image at which CFITSIO stands. A packed image, which lies in a table, is not plain.
PlainForm FitsFile::Handle::form_of(int stored_type, int value_type) {
  int status = 0;
  if (fits_is_compressed_image(file, &status) != 0 || status != 0) return PlainForm::none;
  // CFITSIO names the type of scaled integers only: whether real numbers are scaled their header tells.
  if (stored_type == LONG_IMG && value_type == ULONG_IMG) return PlainForm::unsigned32;
  if (stored_type != FLOAT_IMG) return PlainForm::none;
  for (const char* const keyword : {"BSCALE", "BZERO"}) {
    char card[FLEN_CARD] = "";
    int missing = 0;
    if (fits_read_card(file, keyword, card, &missing) == 0) return PlainForm::none;
  }
  fits_clear_errmsg();
  return PlainForm::real32;
}

void FitsFile::Handle::scan() {
  std::error_code code;
  const auto bytes = std::filesystem::file_size(path, code);
  const LONGLONG file_size = code || path.ends_with(".gz") ? 0 : static_cast<LONGLONG>(bytes);
  for (int number = 1;; ++number) {
    int status = 0;
    if (number > 1 && fits_movabs_hdu(file, number, nullptr, &status) == END_OF_FILE) {
      fits_clear_errmsg();
      break;
    }
    check(status, "read a header", fmt::format("number {}", number));
    hdus.push_back(describe(number, file_size));
  }
}

FitsFile::FitsFile(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
FitsFile::FitsFile(FitsFile&&) noexcept = default;
FitsFile& FitsFile::operator=(FitsFile&&) noexcept = default;
FitsFile::~FitsFile() = default;

void FitsFile::prepare() {
  // CFITSIO itself looks without a lock whether another thread has done it.
  static std::once_flag prepared;
  std::call_once(prepared, fits_init_cfitsio);
}

FitsFile FitsFile::open(const std::filesystem::path& path, ErrorCause cause) {
  auto handle = std::make_unique<Handle>();
  handle->path = path.string();
  handle->cause = cause;
  std::error_code code;
  if (!std::filesystem::exists(path, code)) handle->fail("the file does not exist", {}, {}, "Check the name and the folder");
  if (!std::filesystem::is_regular_file(path, code)) handle->fail("this is no regular file", {}, {}, "Give a FITS file");
  check_structure(path, cause);
  prepare();
  int status = 0;
  // The plain opener: brackets and other marks in a file name mean nothing special.
  fits_open_diskfile(&handle->file, handle->path.c_str(), READONLY, &status);
  if (status != 0) handle->file = nullptr;
  handle->check(status, "open the file as FITS");
  handle->scan();
  handle->plain.emplace(path);
  return FitsFile(std::move(handle));
}

const std::string& FitsFile::path() const noexcept { return handle_->path; }
const std::vector<HduInfo>& FitsFile::hdus() const noexcept { return handle_->hdus; }

bool FitsFile::has(std::string_view name, int version) const noexcept {
  return std::any_of(handle_->hdus.begin(), handle_->hdus.end(),
                     [&](const HduInfo& info) { return info.version == version && same_name(info.name, name); });
}

std::size_t FitsFile::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(std::count_if(handle_->hdus.begin(), handle_->hdus.end(),
                                                [&](const HduInfo& info) { return same_name(info.name, name); }));
}

const HduInfo& FitsFile::info(std::string_view name, int version) const {
  return handle_->hdus[handle_->position(name, version)];
}

namespace {

MetaValue read_value(fitsfile* file, const char* keyword, const char* raw, int& status) {
  char type = 'U';
  int type_status = 0;
  fits_get_keytype(raw, &type, &type_status);
  if (type == 'C') {
    char* text = nullptr;
    fits_read_key_longstr(file, keyword, &text, nullptr, &status);
    std::string value = text ? without_trailing_blanks(text) : "";
    int free_status = 0;
    if (text) fits_free_memory(text, &free_status);
    return value;
  }
  if (type == 'L') return raw[0] == 'T';
  // Numbers are read here: CFITSIO 4.2 ends the process over a long text that is no number (its message does not fit).
  std::string number(raw);
  if (number.starts_with('+')) number.erase(0, 1);
  const char* const end = number.data() + number.size();
  if (type == 'I') {
    std::int64_t value = 0;
    const auto read = std::from_chars(number.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end) status = BAD_INTKEY;
    return value;
  }
  std::replace(number.begin(), number.end(), 'D', 'E');
  double value = 0.0;
  const auto read = std::from_chars(number.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) status = BAD_DOUBLEKEY;
  return value;
}

}  // namespace

Metadata FitsFile::header(std::string_view name, int version) {
  const HduInfo& info = handle_->select(name, version);
  Metadata header(handle_->path);
  int status = 0;
  int count = 0;
  fits_get_hdrspace(handle_->file, &count, nullptr, &status);
  handle_->check(status, "read a header", Handle::label(info));
  for (int i = 1; i <= count; ++i) {
    char keyword[FLEN_KEYWORD] = "", raw[FLEN_VALUE] = "", comment[FLEN_COMMENT] = "";
    if (fits_read_keyn(handle_->file, i, keyword, raw, comment, &status) != 0) {
      handle_->check(status, fmt::format("read header card {}", i), Handle::label(info));
    }
    if (is_structural(keyword) || raw[0] == '\0') continue;
    int value_status = 0;
    MetaValue value = read_value(handle_->file, keyword, raw, value_status);
    if (value_status != 0) {
      fits_clear_errmsg();
      continue;  // a card that is no value of its type says nothing; a step that needs it names it as missing
    }
    std::string* const text = std::get_if<std::string>(&value);
    if (text && text->ends_with('&') && handle_->goes_on(i)) text->pop_back();
    header.set(keyword, std::move(value));
    // Reading a long text moves the position in the header; card numbers are absolute, so nothing is lost.
  }
  return header;
}

void FitsFile::read(std::string_view name, int version, std::size_t first, std::span<float> out) {
  handle_->read_image(name, version, first, out, TFLOAT);
}
void FitsFile::read(std::string_view name, int version, std::size_t first, std::span<double> out) {
  handle_->read_image(name, version, first, out, TDOUBLE);
}
void FitsFile::read(std::string_view name, int version, std::size_t first, std::span<std::uint32_t> out) {
  handle_->read_image(name, version, first, out, TUINT);
}
void FitsFile::read(std::string_view name, int version, std::size_t first, std::span<std::int32_t> out) {
  handle_->read_image(name, version, first, out, TINT);
}

std::vector<double> FitsFile::read_all(std::string_view name, int version) {
  const HduInfo& held = info(name, version);
  std::size_t size = held.shape.empty() ? 0 : 1;
  for (const std::size_t axis : held.shape) size *= axis;
  std::vector<double> values(size);
  read(name, version, 0, std::span<double>(values));
  return values;
}

}  // namespace spec2::io
