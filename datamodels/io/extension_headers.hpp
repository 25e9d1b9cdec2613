#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "datamodels/io/header_text.hpp"
#include "datamodels/io/table_rows.hpp"

namespace spec2::io {

/// Unsigned values are stored less 2^31 (BZERO, TZERO), which is a change of the sign bit.
inline constexpr std::uint32_t kSignBit = 0x80000000u;

/// Values of an image extension as they lie in the file.
enum class PixelType { real32, unsigned32, integer32 };

/// An HDU that is yet to be put into a file. Its header is whole: the cards that FITS wants first, then those given, then blanks
/// to the end of a block.
struct NewHdu {
  std::string label;
  std::string header;
  std::uint64_t bytes = 0;  ///< of the data
  std::size_t unit = 1;     ///< bytes of a value or row
  PixelType type = PixelType::real32;
};

NewHdu primary_hdu(std::span<const Card> cards);
/// `shape` slowest axis first.
NewHdu image_hdu(std::string_view name, int version, std::span<const std::size_t> shape, PixelType type,
                 std::span<const Card> cards);
NewHdu table_hdu(std::string_view name, int version, std::size_t rows, std::span<const ColumnForm> columns,
                 std::span<const Card> cards);

}  // namespace spec2::io
