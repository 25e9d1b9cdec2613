#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "wcs/arena.hpp"
#include "wcs/wcs.hpp"

namespace spec2::extract_1d {

/// Where the WCS puts the source of a slit on its image.
struct SourceLocation {
  std::size_t middle_column = 0;
  double row = 0.0;            ///< in the middle column
  std::vector<double> trace;   ///< row in each column, NaN outside the bounding box
};

/// For a source at (x, y) in the slit, fractions of its size. Empty when the WCS gives no place inside the bounding box.
/// Works for cutouts (wavelengths in the slit frame in m) and for resampled slits (micron).
/// Source: jwst 3.0.0 extract_1d.source_location.location_from_wcs.
std::optional<SourceLocation> source_location(const wcs::Arena& arena, const wcs::Wcs& slit_wcs, std::size_t columns,
                                              double source_x, double source_y);

}  // namespace spec2::extract_1d
