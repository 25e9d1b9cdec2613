#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/view.hpp"

namespace spec2::clean_flicker_noise {

/// 1 for background pixels, which the fits use; 0 for all others.
using Mask = std::uint8_t;

struct ClipLimits {
  double sigma_lower = 3.0;
  double sigma_upper = 2.0;
  bool fit_histogram = false;    ///< center and sigma from a Gaussian fitted to the histogram
  bool lower_half_only = false;  ///< statistics of the values below the median, mirrored about it
};

/// Takes signal and outliers out of the mask. `scratch`: at least image.size() values (twice that with lower_half_only).
/// Source: jwst 3.0.0 clean_flicker_noise.background_level.clip_to_background.
void clip_to_background(View2<const float> image, View2<Mask> mask, const ClipLimits& limits, std::span<double> scratch);

/// Columns [x_low, x_high) and rows [y_low, y_high) of the image; the ends may lie outside.
struct Region {
  std::int64_t x_low, x_high, y_low, y_high;
};

/// Takes a region out, with the meaning that slices have in numpy: negative ends count from the other side.
void mask_region(View2<Mask> mask, const Region& region);

/// Takes out pixels that have one of these DQ bits.
void mask_flagged(View2<const std::uint32_t> dq, std::uint32_t bits, View2<Mask> mask);

/// Takes out pixels that are NaN or exactly zero.
void mask_no_data(View2<const float> image, View2<Mask> mask);

bool has_any(View2<const Mask> mask);

}  // namespace spec2::clean_flicker_noise
