#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "datamodels/io/extension_headers.hpp"

namespace spec2::io {

/// The bits of a value as FITS stores it: the most significant byte first, unsigned values less 2^31 (BZERO).
inline std::uint32_t stored_bits(float value) { return __builtin_bswap32(std::bit_cast<std::uint32_t>(value)); }
inline std::uint32_t stored_bits(std::uint32_t value) { return __builtin_bswap32(value ^ kSignBit); }
inline std::uint32_t stored_bits(std::int32_t value) { return __builtin_bswap32(static_cast<std::uint32_t>(value)); }

/// The type of image that holds such values.
constexpr PixelType pixel_type(const float&) { return PixelType::real32; }
constexpr PixelType pixel_type(const std::uint32_t&) { return PixelType::unsigned32; }
constexpr PixelType pixel_type(const std::int32_t&) { return PixelType::integer32; }

/// Stores `count` values of 32 bits, after `changed_bits` of each have been changed.
void store(const std::byte* values, std::size_t count, std::uint32_t changed_bits, std::byte* out);

}  // namespace spec2::io
