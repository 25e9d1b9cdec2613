#pragma once

#include <fitsio.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "datamodels/io/fits_file.hpp"
#include "datamodels/io/plain_image.hpp"

namespace spec2::io {

/// A table cell larger than this is no spectrum or reference curve but a damaged header.
inline constexpr std::size_t kLargestRead = std::size_t{1} << 33;

/// HDU names do not heed case.
inline bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return std::toupper(static_cast<unsigned char>(x)) == std::toupper(static_cast<unsigned char>(y));
         });
}

inline std::string without_trailing_blanks(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

/// What FitsFile does through CFITSIO; for its own sources.
struct FitsFile::Handle {
  std::string path;
  ErrorCause cause = ErrorCause::data;
  fitsfile* file = nullptr;
  std::vector<HduInfo> hdus;
  /// Of each HDU, the form of its values and the byte at which they begin.
  struct Values {
    PlainForm form = PlainForm::none;
    std::uint64_t start = 0;
  };
  std::vector<Values> values;
  std::optional<PlainFile> plain;
  std::mutex reading;  ///< CFITSIO stands at one HDU at a time

  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    int status = 0;
    if (file) fits_close_file(file, &status);
  }

  [[noreturn]] void fail(const std::string& problem, std::string hdu, std::string keyword, std::string advice) const {
    throw Error(cause, problem, {.file = path, .hdu = std::move(hdu), .keyword = std::move(keyword)}, std::move(advice));
  }

  void check(int status, std::string_view action, const std::string& hdu = {}) const {
    if (status == 0) return;
    char text[FLEN_STATUS] = "";
    fits_get_errstatus(status, text);
    fits_clear_errmsg();
    fail(fmt::format("cannot {}: {}", action, text), hdu, {}, "Check that the file is complete; fetch or make it again");
  }

  static std::string label(const HduInfo& info) { return fmt::format("{},{}", info.name, info.version); }

  std::size_t position(std::string_view name, int version) const {
    for (std::size_t i = 0; i < hdus.size(); ++i) {
      if (hdus[i].version == version && same_name(hdus[i].name, name)) return i;
    }
    std::vector<std::string> found;
    for (const HduInfo& info : hdus) found.push_back(label(info));
    fail(fmt::format("there is no HDU {},{}", name, version), fmt::format("{},{}", name, version), {},
         fmt::format("The file holds {}", fmt::join(found, " ")));
  }

  const HduInfo& select(std::string_view name, int version) {
    const std::size_t at = position(name, version);
    int status = 0;
    fits_movabs_hdu(file, static_cast<int>(at) + 1, nullptr, &status);
    check(status, "move to an HDU", label(hdus[at]));
    return hdus[at];
  }

  /// True when the card after number `card` continues it. CFITSIO 4.2 leaves the mark of continuation at the end of a text
  /// whose last CONTINUE is empty (astropy writes the comment of a long text in such a one).
  bool goes_on(int card) {
    char record[FLEN_CARD] = "";
    int status = 0;
    fits_read_record(file, card + 1, record, &status);
    fits_clear_errmsg();
    return status == 0 && std::string_view(record).starts_with("CONTINUE");
  }

  void scan();
  HduInfo describe(int number, LONGLONG file_size);
  PlainForm form_of(int stored_type, int value_type);

  template <class T>
  void read_image(std::string_view name, int version, std::size_t first, std::span<T> out, int type) {
    const std::size_t at = position(name, version);
    const HduInfo& info = hdus[at];
    std::size_t size = info.shape.empty() ? 0 : 1;
    for (const std::size_t axis : info.shape) size *= axis;
    if (info.type != HduType::image || first > size || out.size() > size - first) {
      fail(fmt::format("values {} to {} asked of an image with {}", first, first + out.size(), size), label(info), "NAXIS",
           "The plane is smaller than the exposure; check the file");
    }
    if (out.empty()) return;
    if (read_plain(values[at], first, out, label(info))) return;
    const std::lock_guard lock(reading);
    select(name, version);
    int status = 0;
    int any_null = 0;
    // Integers that stand for "no value" (BLANK) become NaN; images of real numbers have NaN already.
    T missing{};
    T* substitute = nullptr;
    if constexpr (std::is_floating_point_v<T>) {
      missing = std::numeric_limits<T>::quiet_NaN();
      if (info.has_blank) substitute = &missing;
    }
    fits_read_img(file, type, static_cast<LONGLONG>(first) + 1, static_cast<LONGLONG>(out.size()), substitute, out.data(),
                  &any_null, &status);
    check(status, "read an image", label(info));
  }

  template <class T>
  bool read_plain(const Values& stored, std::size_t first, std::span<T> out, const std::string& hdu) const {
    constexpr PlainForm kForm = std::is_same_v<T, float>           ? PlainForm::real32
                                : std::is_same_v<T, std::uint32_t> ? PlainForm::unsigned32
                                                                   : PlainForm::none;
    if constexpr (kForm == PlainForm::none) {
      return false;
    } else {
      if (!plain || stored.form != kForm) return false;
      if (!plain->read(stored.start + first * sizeof(T), out)) {
        fail("cannot read an image: the file ends before it, or the disk fails", hdu, {},
             "Check that the file is complete; fetch or make it again");
      }
      return true;
    }
  }

  int column_number(const HduInfo& info, std::string_view column) {
    int number = 0;
    int status = 0;
    std::string wanted(column);
    if (info.type == HduType::image || fits_get_colnum(file, CASEINSEN, wanted.data(), &number, &status) != 0) {
      fits_clear_errmsg();
      fail(fmt::format("the table has no column {}", column), label(info), wanted,
           "The file is not of the kind that is needed here");
    }
    return number;
  }

  struct Extent {
    int number = 0;
    int type = 0;
    std::size_t repeat = 0;
    std::size_t width = 0;
  };
  Extent column_extent(const HduInfo& info, std::string_view column) {
    Extent extent;
    extent.number = column_number(info, column);
    int status = 0;
    long repeat = 0, width = 0;
    fits_get_eqcoltype(file, extent.number, &extent.type, &repeat, &width, &status);
    check(status, "read the form of a column", label(info));
    extent.repeat = static_cast<std::size_t>(std::max(repeat, 0L));
    extent.width = static_cast<std::size_t>(std::max(width, 0L));
    if (extent.repeat * std::max<std::size_t>(info.rows, 1) > kLargestRead / 8) {
      fail(fmt::format("column {} is larger than any that is read here", column), label(info), "TFORM", "The header is damaged");
    }
    return extent;
  }

  template <class T>
  std::vector<T> read_column(std::string_view name, int version, std::string_view column, std::size_t first_row,
                             std::size_t row_count, int type) {
    const HduInfo& info = select(name, version);
    const Extent extent = column_extent(info, column);
    if (extent.type == TSTRING) {
      fail(fmt::format("column {} holds text", column), label(info), std::string(column), "Numbers are needed");
    }
    if (first_row > info.rows || row_count > info.rows - first_row) {
      fail("rows beyond the table are asked for", label(info), {}, "");
    }
    std::vector<T> values(row_count * extent.repeat);
    if (values.empty()) return values;
    int status = 0;
    int any_null = 0;
    fits_read_col(file, type, extent.number, static_cast<LONGLONG>(first_row) + 1, 1, static_cast<LONGLONG>(values.size()),
                  nullptr, values.data(), &any_null, &status);
    check(status, "read a column", label(info));
    return values;
  }
};

}  // namespace spec2::io
