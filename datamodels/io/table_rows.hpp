#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace spec2::io {

/// A column of a table.
struct ColumnForm {
  enum class Type { real64, integer32, unsigned32, bytes };
  std::string name;
  std::string unit;
  Type type = Type::real64;
  std::size_t repeat = 1;
  std::size_t bytes() const { return repeat * (type == Type::real64 ? 8 : type == Type::bytes ? 1 : 4); }
};

/// Rows of a table in the order of bytes that FITS has, built value by value in the order of the columns.
class TableRows {
 public:
  void put_real(double value);
  void put_integer(std::int32_t value);
  void put_unsigned(std::uint32_t value);
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }
  void clear() { bytes_.clear(); }
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  void put_big_endian32(std::uint32_t bits);
  std::vector<std::byte> bytes_;
};

}  // namespace spec2::io
