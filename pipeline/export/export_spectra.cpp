#include "pipeline/export/export_spectra.hpp"

#include <hdf5.h>
#include <hdf5_hl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "datamodels/io/fits_file.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTable = "EXTRACT1D";
constexpr std::size_t kRowsAtOnce = 64;

/// An id of HDF5 with the call that ends it.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {
    if (id_ < 0) {
      throw Error(ErrorCause::system, "HDF5 could not write the file", {}, "Check the folder and the free space of the disk");
    }
  }
  ~Handle() { close_(id_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

void check(herr_t status) {
  if (status < 0) {
    throw Error(ErrorCause::system, "HDF5 could not write the file", {}, "Check the folder and the free space of the disk");
  }
}

std::string lower_name(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return c == '-' ? '_' : static_cast<char>(std::tolower(c)); });
  return name;
}

void set_unit(hid_t group, const std::string& name, const std::string& unit) {
  if (!unit.empty()) check(H5LTset_attribute_string(group, name.c_str(), "units", unit.c_str()));
}

/// One table of spectra going into one group.
class TableExport {
 public:
  TableExport(io::FitsFile& file, int version, hid_t group) : file_(file), version_(version), group_(group) {
    rows_ = file.info(kTable, version).rows;
    columns_ = file.columns(kTable, version);
    const auto wavelength = file.column(kTable, version, "WAVELENGTH");
    length_ = wavelength.repeat;
    if (rows_ == 0 || length_ < 2 || !file.has_column(kTable, version, "INT_NUM")) {
      throw Error(ErrorCause::data, "the table has no row of spectra for each integration", {.file = file.path(), .hdu = kTable},
                  "Give an x1dints product");
    }
  }

  void run() {
    write_scale("integration", file_.column_real(kTable, version_, "INT_NUM"), H5T_NATIVE_INT32, "");
    write_scale("wavelength", file_.column_real(kTable, version_, "WAVELENGTH", 0, 1), H5T_NATIVE_DOUBLE,
                file_.column(kTable, version_, "WAVELENGTH").unit);
    for (const io::TableColumn& column : columns_) {
      if (column.name == "INT_NUM" || column.name == "WAVELENGTH" || column.is_text) continue;
      write_column(column);
    }
  }

 private:
  void write_scale(const char* name, const std::vector<double>& values, hid_t type, const std::string& unit) {
    const hsize_t size = values.size();
    const Handle space(H5Screate_simple(1, &size, nullptr), H5Sclose);
    const Handle data(H5Dcreate2(group_, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose);
    check(H5Dwrite(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
    check(H5DSset_scale(data, name));
    set_unit(group_, name, unit);
  }

  void write_column(const io::TableColumn& column) {
    const bool is_spectrum = column.repeat == length_;
    if (!is_spectrum && column.repeat != 1) return;
    const std::string name = lower_name(column.name);
    const std::array<hsize_t, 2> shape = {rows_, length_};
    const int dimensions = is_spectrum ? 2 : 1;
    const Handle space(H5Screate_simple(dimensions, shape.data(), nullptr), H5Sclose);
    const hid_t type = column.name == "DQ" ? H5T_NATIVE_UINT32 : H5T_NATIVE_DOUBLE;
    const Handle data(H5Dcreate2(group_, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose);
    for (std::size_t first = 0; first < rows_; first += kRowsAtOnce) {
      const std::size_t count = std::min(kRowsAtOnce, rows_ - first);
      const std::vector<double> values = file_.column_real(kTable, version_, column.name, first, count);
      const std::array<hsize_t, 2> start = {first, 0}, extent = {count, length_};
      check(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr));
      const Handle memory(H5Screate_simple(dimensions, extent.data(), nullptr), H5Sclose);
      check(H5Dwrite(data, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values.data()));
    }
    attach(data, "integration", 0);
    if (is_spectrum) attach(data, "wavelength", 1);
    set_unit(group_, name, column.unit);
  }

  void attach(hid_t data, const char* scale, unsigned axis) {
    const Handle opened(H5Dopen2(group_, scale, H5P_DEFAULT), H5Dclose);
    check(H5DSattach_scale(data, opened, axis));
  }

  io::FitsFile& file_;
  int version_;
  hid_t group_;
  std::size_t rows_ = 0, length_ = 0;
  std::vector<io::TableColumn> columns_;
};

void write_all(io::FitsFile& file, const fs::path& path) {
  const Handle output(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
  const Metadata header = file.header("PRIMARY");
  for (const char* const keyword : {"FILENAME", "TARGNAME", "INSTRUME", "DETECTOR", "FILTER", "GRATING", "EXP_TYPE", "CAL_VER"}) {
    if (const auto text = header.find_text(keyword)) {
      check(H5LTset_attribute_string(output, "/", lower_name(keyword).c_str(), text->c_str()));
    }
  }
  const std::size_t tables = file.count(kTable);
  for (std::size_t i = 1; i <= tables; ++i) {
    const int version = static_cast<int>(i);
    if (tables == 1) {
      TableExport(file, version, output).run();
    } else {
      const Handle group(H5Gcreate2(output, fmt::format("{}_{}", kTable, i).c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                         H5Gclose);
      TableExport(file, version, group).run();
    }
  }
}

}  // namespace

void export_spectra(const fs::path& product, const fs::path& output) {
  io::FitsFile file = io::FitsFile::open(product);
  if (!file.has(kTable)) {
    throw Error(ErrorCause::data, "the file has no table of spectra", {.file = product.string(), .hdu = kTable},
                "Give an x1dints product");
  }
  // What fails is said once, by us.
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const fs::path temporary = output.string() + fmt::format(".{}.part", ::getpid());
  std::error_code code;
  try {
    write_all(file, temporary);
  } catch (...) {
    fs::remove(temporary, code);
    throw;
  }
  fs::rename(temporary, output, code);
  if (!code) return;
  const std::string why = code.message();
  fs::remove(temporary, code);
  throw Error(ErrorCause::system, "the file cannot get its name: " + why, {.file = output.string()},
              "Check the folder and its permissions");
}

}  // namespace spec2::pipeline
