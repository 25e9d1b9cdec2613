#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "datamodels/io/header_text.hpp"
#include "datamodels/io/product_file.hpp"

namespace spec2::io {

/// Unsigned values are stored less 2^31 (BZERO, TZERO), which is a change of the sign bit.
inline constexpr std::uint32_t kSignBit = 0x80000000u;

/// Whole headers: the cards that FITS wants first, then `cards`, then blanks to the end of a block. `shape` slowest axis first.
std::string primary_header(std::span<const Card> cards);
std::string image_header(std::string_view name, int version, std::span<const std::size_t> shape, PixelType type,
                         std::span<const Card> cards);
std::string table_header(std::string_view name, int version, std::size_t rows, std::span<const ColumnForm> columns,
                         std::span<const Card> cards);

}  // namespace spec2::io
