#include "datamodels/io/fits_handle.hpp"

namespace spec2::io {

std::vector<TableColumn> FitsFile::columns(std::string_view name, int version) {
  const HduInfo& held = handle_->select(name, version);
  int status = 0;
  int count = 0;
  if (held.type != HduType::image) fits_get_num_cols(handle_->file, &count, &status);
  handle_->check(status, "count columns", Handle::label(held));
  std::vector<TableColumn> found;
  for (int number = 1; number <= count; ++number) {
    char title[FLEN_VALUE] = "";
    int missing = 0;
    if (fits_read_key(handle_->file, TSTRING, fmt::format("TTYPE{}", number).c_str(), title, nullptr, &missing) == 0) {
      found.push_back(column(name, version, without_trailing_blanks(title)));
    }
  }
  fits_clear_errmsg();
  return found;
}

bool FitsFile::has_column(std::string_view name, int version, std::string_view column) {
  const HduInfo& held = handle_->select(name, version);
  if (held.type == HduType::image) return false;
  int number = 0;
  int status = 0;
  std::string wanted(column);
  fits_get_colnum(handle_->file, CASEINSEN, wanted.data(), &number, &status);
  fits_clear_errmsg();
  return status == 0;
}

TableColumn FitsFile::column(std::string_view name, int version, std::string_view column) {
  const HduInfo& held = handle_->select(name, version);
  const Handle::Extent extent = handle_->column_extent(held, column);
  TableColumn found;
  found.name = column;
  found.repeat = extent.repeat;
  found.is_text = extent.type == TSTRING;
  char unit[FLEN_VALUE] = "";
  int missing = 0;
  if (fits_read_key(handle_->file, TSTRING, fmt::format("TUNIT{}", extent.number).c_str(), unit, nullptr, &missing) == 0) {
    found.unit = without_trailing_blanks(unit);
  }
  constexpr int kMostAxes = 8;
  int axes = 0;
  long sizes[kMostAxes] = {};
  int status = 0;
  fits_read_tdim(handle_->file, extent.number, kMostAxes, &axes, sizes, &status);
  fits_clear_errmsg();
  if (status == 0 && axes > 0 && axes <= kMostAxes) {
    for (int i = axes; i-- > 0;) found.shape.push_back(static_cast<std::size_t>(sizes[i]));
  } else {
    found.shape = {extent.repeat};
  }
  return found;
}

std::vector<double> FitsFile::column_real(std::string_view name, int version, std::string_view column) {
  return column_real(name, version, column, 0, info(name, version).rows);
}

std::vector<double> FitsFile::column_real(std::string_view name, int version, std::string_view column, std::size_t first_row,
                                          std::size_t row_count) {
  return handle_->read_column<double>(name, version, column, first_row, row_count, TDOUBLE);
}

std::vector<std::int64_t> FitsFile::column_integer(std::string_view name, int version, std::string_view column) {
  const auto values = handle_->read_column<LONGLONG>(name, version, column, 0, info(name, version).rows, TLONGLONG);
  return {values.begin(), values.end()};
}

std::vector<std::string> FitsFile::column_text(std::string_view name, int version, std::string_view column) {
  const HduInfo& held = handle_->select(name, version);
  const Handle::Extent extent = handle_->column_extent(held, column);
  if (extent.type != TSTRING) {
    handle_->fail(fmt::format("column {} holds numbers", column), Handle::label(held), std::string(column), "");
  }
  std::vector<std::string> texts;
  std::vector<char> cell(extent.repeat + 1);
  for (std::size_t row = 0; row < held.rows; ++row) {
    char* target = cell.data();
    int status = 0;
    int any_null = 0;
    std::fill(cell.begin(), cell.end(), '\0');
    fits_read_col(handle_->file, TSTRING, extent.number, static_cast<LONGLONG>(row) + 1, 1, 1, nullptr, &target, &any_null,
                  &status);
    handle_->check(status, "read a column", Handle::label(held));
    texts.push_back(without_trailing_blanks(cell.data()));
  }
  return texts;
}

std::vector<std::byte> FitsFile::column_bytes(std::string_view name, int version, std::string_view column) {
  const HduInfo& held = handle_->select(name, version);
  const Handle::Extent extent = handle_->column_extent(held, column);
  std::vector<std::byte> bytes(held.rows == 0 ? 0 : extent.repeat);
  if (bytes.empty()) return bytes;
  int status = 0;
  int any_null = 0;
  fits_read_col(handle_->file, TBYTE, extent.number, 1, 1, static_cast<LONGLONG>(bytes.size()), nullptr, bytes.data(), &any_null,
                &status);
  handle_->check(status, "read a column", Handle::label(held));
  return bytes;
}

}  // namespace spec2::io
