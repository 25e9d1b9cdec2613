#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "pipeline/memory_report/report_layout.hpp"

namespace spec2::pipeline {

/// A table of a memory report while it is written: rows are collected and go to the file some thousand at a time, so that what is
/// held does not depend on their number. Throws Error(system) when the file cannot be written.
class ReportTable {
 public:
  /// Makes the group with its columns in a file that is open; `file` is the id that HDF5 has for it.
  ReportTable(std::int64_t file, const layout::Table& table);
  ~ReportTable();
  ReportTable(ReportTable&&) noexcept;
  ReportTable(const ReportTable&) = delete;
  ReportTable& operator=(const ReportTable&) = delete;

  /// The next value of the row, in the order of the columns; columns with a second dimension take as many as its length.
  ReportTable& operator<<(std::int64_t value);
  ReportTable& operator<<(std::size_t value) { return *this << static_cast<std::int64_t>(value); }
  ReportTable& operator<<(double value);
  ReportTable& operator<<(std::string_view value);

  /// Rows that are whole.
  std::size_t rows() const noexcept;
  /// Writes what is held.
  void flush();

 private:
  struct Contents;
  void next_value();
  std::unique_ptr<Contents> contents_;
};

}  // namespace spec2::pipeline
