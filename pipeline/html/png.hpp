#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace spec2::pipeline::html {

using Colour = std::array<std::uint8_t, 3>;

/// A PNG image of 8 bits a pixel with a palette of up to 256 colours; colour 0 is transparent. `pixels` row after row from the
/// top, width x height of them. Source: PNG specification (second edition), colour type 3, filter 0.
std::vector<std::byte> palette_png(std::size_t width, std::size_t height, std::span<const std::uint8_t> pixels,
                                   std::span<const Colour> palette);

}  // namespace spec2::pipeline::html
