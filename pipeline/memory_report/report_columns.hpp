#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/memory_report/report_layout.hpp"

namespace spec2::pipeline {

/// The columns of a memory report that is read. Nothing in the file is taken on trust: a column that is missing, of another type
/// or shape, longer than its table or larger than a report can be is an Error(data) that names file and column.
class ReportColumns {
 public:
  /// Throws Error(data) when the file is none of HDF5 or no memory report of a version that is known, Error(user_input) when
  /// there is no such file.
  explicit ReportColumns(const std::filesystem::path& path);
  ~ReportColumns();
  ReportColumns(ReportColumns&&) noexcept;
  ReportColumns& operator=(ReportColumns&&) noexcept;
  ReportColumns(const ReportColumns&) = delete;
  ReportColumns& operator=(const ReportColumns&) = delete;

  /// Text or number of the file as a whole; empty or -1 when it is not there.
  std::string attribute_text(const char* name) const;
  std::int64_t attribute_integer(const char* name) const;

  /// Rows of a table.
  std::size_t rows(const layout::Table& table) const;
  /// Values of rows [first, first + count) of a column, row by row.
  std::vector<std::int64_t> integers(const layout::Table& table, const char* column, std::size_t first, std::size_t count) const;
  std::vector<double> reals(const layout::Table& table, const char* column, std::size_t first, std::size_t count) const;
  std::vector<std::string> texts(const layout::Table& table, const char* column, std::size_t first, std::size_t count) const;

  /// An error about this file.
  [[noreturn]] void fail(const std::string& problem) const;

  /// A column may have as many bytes at most; more can only be damage.
  static constexpr std::size_t kMostBytes = std::size_t{256} << 20;

 private:
  struct Contents;
  std::unique_ptr<Contents> contents_;
};

}  // namespace spec2::pipeline
