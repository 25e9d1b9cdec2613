#pragma once

#include <array>
#include <cstddef>

#include "core/view.hpp"
#include "steps/clean_flicker_noise/scene_mask.hpp"

namespace spec2::clean_flicker_noise {

/// Rows and columns of the boxes when the user gives none: of each side the largest number up to 32 that divides it.
std::array<std::size_t, 2> default_box(std::size_t rows, std::size_t columns);

/// A smooth background: sigma-clipped medians of boxes, those of boxes with more than 10 % masked pixels filled from their
/// nearest neighbours by inverse distance, median-filtered over 5 x 5 boxes, enlarged by a cubic spline. False when no box
/// has enough pixels. Source: photutils 3.0 Background2D as jwst 3.0.0 background_level calls it.
bool background_map(View2<const float> image, View2<const Mask> mask, std::array<std::size_t, 2> box, View2<float> background);

}  // namespace spec2::clean_flicker_noise
