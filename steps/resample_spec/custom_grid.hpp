#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "wcs/arena.hpp"
#include "wcs/wcs.hpp"

namespace spec2::resample_spec {

/// An output grid of the user's: the WCS and the shape of the image.
struct CustomGrid {
  wcs::Wcs wcs;
  std::size_t rows = 0, columns = 0;
  std::optional<double> pixel_area;  ///< as the file gives it, or the square of its pixel_scale
};

/// Reads an ASDF file with a gwcs under "wcs" and, beside it, pixel_area, pixel_scale, array_shape or pixel_shape; all slits of
/// an exposure are resampled to it. `shape` (columns, rows) wins over that of the file; without either the bounding box tells
/// it.
/// Appends to the arena, which must be open. Throws Error(user_input) naming the file and what it lacks.
/// Source: jwst 3.0.0 resample_utils.load_custom_wcs.
CustomGrid read_custom_grid(const std::string& path, wcs::Arena& arena, const std::optional<std::array<std::size_t, 2>>& shape);

}  // namespace spec2::resample_spec
