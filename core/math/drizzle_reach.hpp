#pragma once

#include <cstdint>
#include <vector>

#include "core/view.hpp"

namespace spec2::drizzle {

/// Where the centre of each input pixel falls on the output image, [input row, input column], 0-based pixels; NaN where
/// it falls nowhere.
struct PixelMap {
  View2<const double> x;
  View2<const double> y;

  std::int64_t columns() const { return static_cast<std::int64_t>(x.columns); }
  std::int64_t rows() const { return static_cast<std::int64_t>(x.rows); }
};

/// A rectangle of input pixels; all four are inside.
struct Section {
  std::int64_t x_first = 0;
  std::int64_t x_last = 0;
  std::int64_t y_first = 0;
  std::int64_t y_last = 0;
};

/// Columns first..last of one input row; last < first for none.
struct RowReach {
  std::int64_t first = 0;
  std::int64_t last = -1;
};

/// Position of a point between pixel centres, by bilinear interpolation of the map, extrapolated at its borders. False
/// when a map value that is used is NaN.
bool interpolate_map(const PixelMap& map, double x_in, double y_in, double& x_out, double& y_out);

/// Shrinks the section to the rows and columns that have valid map values; false when less than two are left on an axis.
bool shrink_section(const PixelMap& map, Section& section);

/// The input pixels that can reach an output image of `rows` x `columns`: one entry for each input row of the map, empty
/// outside the section. The outline of the section is laid on the output image, cut to it and carried back, with a margin
/// for the error of the way back (0.03 pixels). Where the outline cannot be mapped (NaN at its corners) the whole
/// section is kept. Source: package drizzle 2.2.0, cdrizzlemap.c (init_image_scanner, get_scanline_limits).
std::vector<RowReach> reach_of(const PixelMap& map, const Section& section, std::size_t rows, std::size_t columns);

}  // namespace spec2::drizzle
