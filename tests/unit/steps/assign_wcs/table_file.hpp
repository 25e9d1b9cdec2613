#pragma once

#include <map>
#include <string>
#include <vector>

namespace spec2::testing {

/// All columns of a FITS table, read at once; the file may be gzipped.
struct Table {
  std::map<std::string, std::vector<double>> numbers;
  std::map<std::string, std::vector<std::string>> texts;
  std::size_t rows = 0;

  double number(const std::string& column, std::size_t row) const { return numbers.at(column).at(row); }
  const std::string& text(const std::string& column, std::size_t row) const { return texts.at(column).at(row); }
};
Table read_table(const std::string& path, const std::string& extension);

/// An image as doubles, rows one after the other, and keywords of its header.
struct Image {
  std::size_t columns = 0;
  std::size_t rows = 0;
  std::vector<double> values;
};
Image read_image(const std::string& path, const std::string& extension);
/// A keyword of the primary (empty name) or of an extension.
double read_number(const std::string& path, const std::string& extension, const std::string& keyword);
std::string read_text(const std::string& path, const std::string& extension, const std::string& keyword);

/// A file of the shared folder, or "" when it is not there.
std::string shared_file(const std::string& name);

}  // namespace spec2::testing
