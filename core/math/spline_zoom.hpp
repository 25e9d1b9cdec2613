#pragma once

#include "core/view.hpp"

namespace spec2 {

/// Enlarges a coarse image by whole factors with a cubic spline; samples are centers of grid cells, the image goes on
/// mirrored at its edges, and the result is kept within the range of the samples. `out` may be smaller than the product
/// (its upper and right end are cut). Same as photutils' zoom interpolation (scipy.ndimage.zoom, order 3, mode reflect,
/// grid_mode).
void zoom_cubic(View2<const float> coarse, std::size_t row_factor, std::size_t column_factor, View2<float> out);

}  // namespace spec2
