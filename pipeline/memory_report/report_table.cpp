#include "pipeline/memory_report/report_table.hpp"

#include <hdf5_hl.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "pipeline/memory_report/hdf5_handle.hpp"

namespace spec2::pipeline {
namespace {

constexpr std::size_t kRowsHeld = 4096;
constexpr hsize_t kChunk = 1024, kShortChunk = 128;
constexpr std::size_t kChunksHeld = 4;  // HDF5 would keep a megabyte of each column
constexpr std::size_t kConversionBytes = 16 << 10;

[[noreturn]] void fail() {
  throw Error(ErrorCause::system, "HDF5 could not write the memory report", {},
              "Check the folder, its permissions and the free space of the disk");
}

void check(herr_t status) {
  if (status < 0) fail();
}

Hdf5Handle checked(hid_t id, herr_t (*close)(hid_t)) {
  if (id < 0) fail();
  return {id, close};
}

Hdf5Handle text_type() {
  Hdf5Handle type = checked(H5Tcopy(H5T_C_S1), H5Tclose);
  check(H5Tset_size(type, H5T_VARIABLE));
  check(H5Tset_cset(type, H5T_CSET_UTF8));
  return type;
}

void set_attribute(hid_t data, const char* name, std::string_view text) {
  if (!text.empty()) check(H5LTset_attribute_string(data, ".", name, std::string(text).c_str()));
}

/// HDF5 would clear a megabyte to convert a few texts.
Hdf5Handle small_transfer() {
  Hdf5Handle transfer = checked(H5Pcreate(H5P_DATASET_XFER), H5Pclose);
  check(H5Pset_buffer(transfer, kConversionBytes, nullptr, nullptr));
  return transfer;
}

/// A dimension of fixed length whose places have names.
Hdf5Handle make_named_scale(hid_t group, const char* name, const std::vector<const char*>& names) {
  const hsize_t size = names.size();
  const Hdf5Handle type = text_type(), space = checked(H5Screate_simple(1, &size, nullptr), H5Sclose);
  Hdf5Handle scale = checked(H5Dcreate2(group, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose);
  check(H5Dwrite(scale, type, H5S_ALL, H5S_ALL, small_transfer(), names.data()));
  check(H5DSset_scale(scale, name));
  return scale;
}

std::vector<const char*> names_of(std::string_view dimension) {
  if (dimension == layout::kMoment) return {"before", "peak", "after"};
  if (dimension == layout::kRange) return {"first kind", "kinds", "first block", "blocks at the peak", "blocks after"};
  std::vector<const char*> names;
  for (std::size_t i = 0; i < kResidentParts; ++i) names.push_back(to_string(static_cast<ResidentPart>(i)).data());
  return names;
}

}  // namespace

struct ReportTable::Contents {
  struct Held {
    const layout::Column* column;
    Hdf5Handle data;
    std::vector<std::int64_t> integers;
    std::vector<double> reals;
    std::vector<std::string> texts;
  };

  Hdf5Handle group;
  Hdf5Handle scale;
  std::vector<std::pair<std::string, Hdf5Handle>> named_scales;
  std::vector<Held> columns;
  bool is_long = false;
  Hdf5Handle made, access;  // properties of all datasets
  Hdf5Handle transfer = small_transfer();
  std::size_t written = 0;
  std::size_t held = 0;
  std::size_t at = 0;      ///< column of the next value
  std::size_t inside = 0;  ///< and its place there

  void set_up(const layout::Table& table) {
    is_long = table.is_long;
    made = checked(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    if (is_long) {
      const hsize_t chunk = kChunk;
      check(H5Pset_chunk(made, 1, &chunk));
      check(H5Pset_shuffle(made));
      check(H5Pset_deflate(made, 1));
    }
    access = checked(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
    check(H5Pset_chunk_cache(access, kChunksHeld + 1, kChunksHeld * kChunk * sizeof(std::int64_t), 1.0));
  }

  /// An extendible dataset of the group.
  Hdf5Handle make_data(const char* name, hid_t type, std::size_t width) const {
    const std::array<hsize_t, 2> none = {0, width}, most = {H5S_UNLIMITED, width};
    const std::array<hsize_t, 2> chunk = {is_long ? kChunk : kShortChunk, width};
    const int dimensions = width == 1 ? 1 : 2;
    const Hdf5Handle space = checked(H5Screate_simple(dimensions, none.data(), most.data()), H5Sclose);
    check(H5Pset_chunk(made, dimensions, chunk.data()));
    return checked(H5Dcreate2(group, name, type, space, H5P_DEFAULT, made, access), H5Dclose);
  }

  hid_t named_scale(const char* dimension) {
    for (const auto& [name, id] : named_scales) {
      if (name == dimension) return id;
    }
    return named_scales.emplace_back(dimension, make_named_scale(group, dimension, names_of(dimension))).second;
  }

  void add_column(const layout::Column& column) {
    const Hdf5Handle type = column.type == layout::text ? text_type() : Hdf5Handle();
    const hid_t stored = column.type == layout::text    ? static_cast<hid_t>(type)
                         : column.type == layout::real ? H5T_NATIVE_DOUBLE
                                                       : H5T_NATIVE_INT64;
    Held& added = columns.emplace_back();
    added.column = &column;
    added.data = make_data(column.name, stored, column.width);
    check(H5DSattach_scale(added.data, scale, 0));
    if (column.width > 1) check(H5DSattach_scale(added.data, named_scale(column.second), 1));
    set_attribute(added.data, "units", column.units);
    set_attribute(added.data, "long_name", column.meaning);
  }

  /// Appends the values of `rows` rows.
  void append(hid_t data, hid_t type, std::size_t rows, std::size_t width, const void* values) const {
    const int dimensions = width == 1 ? 1 : 2;
    const std::array<hsize_t, 2> size = {written + rows, width}, start = {written, 0}, extent = {rows, width};
    check(H5Dset_extent(data, size.data()));
    const Hdf5Handle space = checked(H5Dget_space(data), H5Sclose);
    check(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr));
    const Hdf5Handle memory = checked(H5Screate_simple(dimensions, extent.data(), nullptr), H5Sclose);
    check(H5Dwrite(data, type, memory, space, transfer, values));
  }

  void write(Held& each) {
    if (each.column->type == layout::integer) {
      append(each.data, H5T_NATIVE_INT64, held, each.column->width, each.integers.data());
    } else if (each.column->type == layout::real) {
      append(each.data, H5T_NATIVE_DOUBLE, held, each.column->width, each.reals.data());
    } else {
      std::vector<const char*> texts;
      for (const std::string& text : each.texts) texts.push_back(text.c_str());
      append(each.data, text_type(), held, 1, texts.data());
    }
    each.integers.clear();
    each.reals.clear();
    each.texts.clear();
  }
};

ReportTable::ReportTable(std::int64_t file, const layout::Table& table) : contents_(std::make_unique<Contents>()) {
  contents_->set_up(table);
  contents_->group = checked(H5Gcreate2(file, table.group, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
  contents_->scale = contents_->make_data(table.dimension, H5T_NATIVE_INT64, 1);
  check(H5DSset_scale(contents_->scale, table.dimension));
  for (const layout::Column& column : table.columns) contents_->add_column(column);
}

ReportTable::~ReportTable() = default;
ReportTable::ReportTable(ReportTable&&) noexcept = default;

ReportTable& ReportTable::operator<<(std::int64_t value) {
  contents_->columns[contents_->at].integers.push_back(value);
  next_value();
  return *this;
}

ReportTable& ReportTable::operator<<(double value) {
  contents_->columns[contents_->at].reals.push_back(value);
  next_value();
  return *this;
}

ReportTable& ReportTable::operator<<(std::string_view value) {
  contents_->columns[contents_->at].texts.emplace_back(value);
  next_value();
  return *this;
}

void ReportTable::next_value() {
  Contents& own = *contents_;
  if (++own.inside < own.columns[own.at].column->width) return;
  own.inside = 0;
  if (++own.at < own.columns.size()) return;
  own.at = 0;
  if (++own.held == kRowsHeld) flush();
}

std::size_t ReportTable::rows() const noexcept { return contents_->written + contents_->held; }

void ReportTable::flush() {
  Contents& own = *contents_;
  if (own.held == 0) return;
  std::vector<std::int64_t> numbers(own.held);
  std::iota(numbers.begin(), numbers.end(), static_cast<std::int64_t>(own.written));
  own.append(own.scale, H5T_NATIVE_INT64, own.held, 1, numbers.data());
  for (Contents::Held& each : own.columns) own.write(each);
  own.written += own.held;
  own.held = 0;
}

}  // namespace spec2::pipeline
