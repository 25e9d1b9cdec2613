#include "table_file.hpp"

#include <cctype>
#include <filesystem>
#include <stdexcept>

#include <fitsio.h>

namespace spec2::testing {

namespace {

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.pop_back();
  return text;
}

void read_column(fitsfile* file, int column, long rows, const std::string& name, Table& table, int& status) {
  int type = 0;
  long repeat = 0, width = 0;
  fits_get_coltype(file, column, &type, &repeat, &width, &status);
  if (type != TSTRING) {
    std::vector<double>& values = table.numbers[name];
    values.resize(static_cast<std::size_t>(rows));
    fits_read_col(file, TDOUBLE, column, 1, 1, rows, nullptr, values.data(), nullptr, &status);
    return;
  }
  for (long row = 1; row <= rows; ++row) {
    std::string cell(static_cast<std::size_t>(repeat) + 1, '\0');
    char* place = cell.data();
    char empty[] = "";
    fits_read_col(file, TSTRING, column, row, 1, 1, empty, &place, nullptr, &status);
    table.texts[name].push_back(trimmed(cell));
  }
}

}  // namespace

Table read_table(const std::string& path, const std::string& extension) {
  fitsfile* file = nullptr;
  int status = 0, columns = 0;
  long rows = 0;
  fits_open_file(&file, path.c_str(), READONLY, &status);
  fits_movnam_hdu(file, BINARY_TBL, const_cast<char*>(extension.c_str()), 0, &status);
  fits_get_num_rows(file, &rows, &status);
  fits_get_num_cols(file, &columns, &status);
  Table table;
  table.rows = static_cast<std::size_t>(rows);
  for (int column = 1; column <= columns && status == 0; ++column) {
    char name[FLEN_VALUE] = "", key[FLEN_KEYWORD];
    fits_make_keyn("TTYPE", column, key, &status);
    fits_read_key(file, TSTRING, key, name, nullptr, &status);
    std::string lower = trimmed(name);
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    read_column(file, column, rows, lower, table, status);
  }
  int closing = 0;
  if (file) fits_close_file(file, &closing);
  if (status != 0) throw std::runtime_error("cannot read " + extension + " of " + path);
  return table;
}

Image read_image(const std::string& path, const std::string& extension) {
  fitsfile* file = nullptr;
  int status = 0;
  long size[2] = {0, 0};
  fits_open_file(&file, path.c_str(), READONLY, &status);
  fits_movnam_hdu(file, IMAGE_HDU, const_cast<char*>(extension.c_str()), 0, &status);
  fits_get_img_size(file, 2, size, &status);
  Image image;
  image.columns = static_cast<std::size_t>(size[0]);
  image.rows = static_cast<std::size_t>(size[1]);
  image.values.resize(image.columns * image.rows);
  fits_read_img(file, TDOUBLE, 1, static_cast<LONGLONG>(image.values.size()), nullptr, image.values.data(), nullptr, &status);
  int closing = 0;
  if (file) fits_close_file(file, &closing);
  if (status != 0) throw std::runtime_error("cannot read " + extension + " of " + path);
  return image;
}

std::string read_text(const std::string& path, const std::string& extension, const std::string& keyword) {
  fitsfile* file = nullptr;
  int status = 0;
  char value[FLEN_VALUE] = "";
  fits_open_file(&file, path.c_str(), READONLY, &status);
  if (!extension.empty()) fits_movnam_hdu(file, ANY_HDU, const_cast<char*>(extension.c_str()), 0, &status);
  fits_read_key(file, TSTRING, keyword.c_str(), value, nullptr, &status);
  int closing = 0;
  if (file) fits_close_file(file, &closing);
  if (status != 0) throw std::runtime_error("cannot read " + keyword + " of " + path);
  return trimmed(value);
}

double read_number(const std::string& path, const std::string& extension, const std::string& keyword) {
  return std::stod(read_text(path, extension, keyword));
}

std::string shared_file(const std::string& name) {
  const std::filesystem::path path = std::filesystem::path(SPEC2_SHARED_DIR) / name;
  return std::filesystem::exists(path) ? path.string() : std::string();
}

}  // namespace spec2::testing
