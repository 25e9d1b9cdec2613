#include "datamodels/io/table_rows.hpp"

#include <bit>

#include "datamodels/io/extension_headers.hpp"

namespace spec2::io {

void TableRows::put_big_endian32(std::uint32_t bits) {
  bits = __builtin_bswap32(bits);
  const auto* const first = reinterpret_cast<const std::byte*>(&bits);
  bytes_.insert(bytes_.end(), first, first + sizeof bits);
}

void TableRows::put_real(double value) {
  const std::uint64_t bits = __builtin_bswap64(std::bit_cast<std::uint64_t>(value));
  const auto* const first = reinterpret_cast<const std::byte*>(&bits);
  bytes_.insert(bytes_.end(), first, first + sizeof bits);
}

void TableRows::put_integer(std::int32_t value) { put_big_endian32(static_cast<std::uint32_t>(value)); }
void TableRows::put_unsigned(std::uint32_t value) { put_big_endian32(value ^ kSignBit); }

}  // namespace spec2::io
