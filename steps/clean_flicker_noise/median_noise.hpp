#pragma once

#include <span>

#include "core/view.hpp"
#include "steps/clean_flicker_noise/scene_mask.hpp"

namespace spec2::clean_flicker_noise {

/// Subtracts from every line along the detector's slow axis the median of its background pixels; lines without any stay.
/// `axis`: 1 when the slow axis runs along columns of the image (one median a column), 2 along rows. With `by_channel` the
/// four amplifiers of a full frame are taken one by one. `scratch`: the longer side of the image.
/// Source: jwst 3.0.0 clean_flicker_noise.clean_flicker_noise.median_clean.
void subtract_median_lines(View2<float> image, View2<const Mask> mask, int axis, bool by_channel, std::span<double> scratch);

}  // namespace spec2::clean_flicker_noise
