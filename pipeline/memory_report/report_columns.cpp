#include "pipeline/memory_report/report_columns.hpp"

#include <hdf5_hl.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/memory_report/hdf5_handle.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTextsAtOnce = 256;
constexpr std::size_t kLongestText = std::size_t{64} << 10;
constexpr const char* kAdvice = "Give a file that spec2 run --memory-report wrote";

const layout::Column& column_of(const layout::Table& table, std::string_view name) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [name](const layout::Column& each) { return name == each.name; });
  if (found == table.columns.end()) throw Error(ErrorCause::internal, fmt::format("no column {}", name));
  return *found;
}

H5T_class_t class_of(layout::ColumnType type) {
  switch (type) {
    case layout::integer: return H5T_INTEGER;
    case layout::real: return H5T_FLOAT;
    case layout::text: return H5T_STRING;
  }
  return H5T_NO_CLASS;
}

}  // namespace

struct ReportColumns::Contents {
  fs::path path;
  Hdf5Handle file;

  [[noreturn]] void fail(const std::string& problem) const {
    throw Error(ErrorCause::data, problem, {.file = path.string()}, kAdvice);
  }

  struct Opened {
    Hdf5Handle data;
    Hdf5Handle space;
    std::size_t rows = 0;
  };

  Opened open(const std::string& name, H5T_class_t expected, std::size_t width) const {
    Opened found;
    found.data = Hdf5Handle(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose);
    if (!found.data.is_open()) fail(fmt::format("the memory report has no column {}", name));
    const Hdf5Handle type(H5Dget_type(found.data), H5Tclose);
    if (H5Tget_class(type) != expected) fail(fmt::format("the column {} of the memory report is of another type", name));
    if (expected == H5T_STRING && H5Tis_variable_str(type) <= 0) fail(fmt::format("the texts of {} have a fixed length", name));
    found.space = Hdf5Handle(H5Dget_space(found.data), H5Sclose);
    std::array<hsize_t, 2> size = {0, 1};
    const int dimensions = width == 1 ? 1 : 2;
    if (H5Sget_simple_extent_ndims(found.space) != dimensions ||
        H5Sget_simple_extent_dims(found.space, size.data(), nullptr) != dimensions || size[1] != width) {
      fail(fmt::format("the column {} of the memory report has another shape", name));
    }
    if (size[0] > kMostBytes / sizeof(std::int64_t) / width) {
      fail(fmt::format("the column {} has {} rows, more than a memory report can have", name, size[0]));
    }
    found.rows = size[0];
    return found;
  }

  Opened open(const layout::Table& table, const char* column) const {
    const layout::Column& wanted = column_of(table, column);
    return open(fmt::format("{}/{}", table.group, column), class_of(wanted.type), wanted.width);
  }

  void select(const Opened& from, const layout::Table& table, const char* column, std::size_t first, std::size_t count) const {
    const std::size_t width = column_of(table, column).width;
    if (first > from.rows || count > from.rows - first) {
      fail(fmt::format("the column {}/{} has {} rows where {} are told of", table.group, column, from.rows, first + count));
    }
    const std::array<hsize_t, 2> start = {first, 0}, extent = {count, width};
    H5Sselect_hyperslab(from.space, H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr);
  }

  template <class T>
  std::vector<T> numbers(const layout::Table& table, const char* column, std::size_t first, std::size_t count, hid_t type) const {
    const Opened from = open(table, column);
    select(from, table, column, first, count);
    std::vector<T> values(count * column_of(table, column).width);
    if (values.empty()) return values;
    const hsize_t size = values.size();
    const Hdf5Handle memory(H5Screate_simple(1, &size, nullptr), H5Sclose);
    if (H5Dread(from.data, type, memory, from.space, H5P_DEFAULT, values.data()) < 0) {
      fail(fmt::format("the column {}/{} of the memory report cannot be read", table.group, column));
    }
    return values;
  }
};

ReportColumns::ReportColumns(const fs::path& path) : contents_(std::make_unique<Contents>()) {
  contents_->path = path;
  std::error_code code;
  if (!fs::is_regular_file(path, code)) {
    throw Error(ErrorCause::user_input, "there is no such file", {.file = path.string()}, kAdvice);
  }
  prepare_hdf5();
  contents_->file = Hdf5Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  if (!contents_->file.is_open()) fail("the file cannot be opened as HDF5: it is another file, or only a part of one");
  if (attribute_text("format") != layout::kFormat) fail("the file is no memory report");
  if (const std::int64_t version = attribute_integer("format_version"); version != layout::kVersion) {
    fail(fmt::format("the memory report is of version {}, and this program knows version {}", version, layout::kVersion));
  }
}

ReportColumns::~ReportColumns() = default;
ReportColumns::ReportColumns(ReportColumns&&) noexcept = default;
ReportColumns& ReportColumns::operator=(ReportColumns&&) noexcept = default;

void ReportColumns::fail(const std::string& problem) const { contents_->fail(problem); }

std::string ReportColumns::attribute_text(const char* name) const {
  if (H5LTfind_attribute(contents_->file, name) <= 0) return {};
  int dimensions = -1;
  H5T_class_t type = H5T_NO_CLASS;
  std::size_t size = 0;
  if (H5LTget_attribute_ndims(contents_->file, "/", name, &dimensions) < 0 || dimensions != 0) return {};
  if (H5LTget_attribute_info(contents_->file, "/", name, nullptr, &type, &size) < 0) return {};
  if (type != H5T_STRING || size == 0 || size > kLongestText) return {};
  const Hdf5Handle attribute(H5Aopen(contents_->file, name, H5P_DEFAULT), H5Aclose);
  const Hdf5Handle stored(H5Aget_type(attribute), H5Tclose);
  if (H5Tis_variable_str(stored) != 0) return {};
  std::string text(size, '\0');
  if (H5Aread(attribute, stored, text.data()) < 0) return {};
  return text.substr(0, text.find('\0'));
}

std::int64_t ReportColumns::attribute_integer(const char* name) const {
  if (H5LTfind_attribute(contents_->file, name) <= 0) return -1;
  const Hdf5Handle attribute(H5Aopen(contents_->file, name, H5P_DEFAULT), H5Aclose);
  const Hdf5Handle space(H5Aget_space(attribute), H5Sclose), type(H5Aget_type(attribute), H5Tclose);
  std::int64_t value = -1;
  if (H5Sget_simple_extent_npoints(space) != 1 || H5Tget_class(type) != H5T_INTEGER) return -1;
  return H5Aread(attribute, H5T_NATIVE_INT64, &value) < 0 ? -1 : value;
}

std::size_t ReportColumns::rows(const layout::Table& table) const {
  return contents_->open(fmt::format("{}/{}", table.group, table.dimension), H5T_INTEGER, 1).rows;
}

std::vector<std::int64_t> ReportColumns::integers(const layout::Table& table, const char* column, std::size_t first,
                                                  std::size_t count) const {
  return contents_->numbers<std::int64_t>(table, column, first, count, H5T_NATIVE_INT64);
}

std::vector<double> ReportColumns::reals(const layout::Table& table, const char* column, std::size_t first,
                                         std::size_t count) const {
  return contents_->numbers<double>(table, column, first, count, H5T_NATIVE_DOUBLE);
}

std::vector<std::string> ReportColumns::texts(const layout::Table& table, const char* column, std::size_t first,
                                              std::size_t count) const {
  const Contents::Opened from = contents_->open(table, column);
  const Hdf5Handle type(H5Dget_type(from.data), H5Tclose);
  std::vector<std::string> texts;
  for (std::size_t done = 0; done < count || done == 0; done += kTextsAtOnce) {
    const hsize_t size = std::min(kTextsAtOnce, count - done);
    contents_->select(from, table, column, first + done, size);
    if (size == 0) break;
    hsize_t bytes = 0;
    if (H5Dvlen_get_buf_size(from.data, type, from.space, &bytes) < 0 || bytes > size * kLongestText) {
      fail(fmt::format("the texts of {}/{} in the memory report cannot be read", table.group, column));
    }
    const Hdf5Handle memory(H5Screate_simple(1, &size, nullptr), H5Sclose);
    std::vector<char*> read(size, nullptr);
    const herr_t status = H5Dread(from.data, type, memory, from.space, H5P_DEFAULT, read.data());
    for (const char* const text : read) texts.emplace_back(text ? text : "");
    H5Dvlen_reclaim(type, memory, H5P_DEFAULT, read.data());
    if (status < 0) fail(fmt::format("the texts of {}/{} in the memory report cannot be read", table.group, column));
  }
  return texts;
}

}  // namespace spec2::pipeline
