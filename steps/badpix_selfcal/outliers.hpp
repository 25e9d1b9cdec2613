#pragma once

#include <cstddef>
#include <span>

#include "core/parallel.hpp"
#include "core/view.hpp"

namespace spec2::badpix_selfcal {

/// Rows and columns of a window centered on a pixel; both odd.
struct Window {
  std::size_t rows = 1, columns = 1;
};

/// Values outside are outliers; NaN bounds mark none.
struct Cuts {
  double low, high;
  bool outside(float value) const { return static_cast<double>(value) > high || static_cast<double>(value) < low; }
};

/// Puts the smaller value into `minimum`; NaN gives way to a number.
void take_minimum(View2<const float> image, View2<float> minimum);

/// `image` less its running median, into `difference`. NaN is left out of medians; pixels beyond the edges count as 0.
/// Source: stcal 1.x outlier_detection.utils.medfilt as jwst 3.0.0 badpix_selfcal calls it.
void subtract_running_median(View2<const float> image, const Window& window, View2<float> difference, const Parallel& parallel);

/// Quantiles `lower` and 1 - `upper` of the values that are no NaN, interpolated linearly as numpy.nanpercentile does.
/// `scratch`: as many values as the image.
Cuts quantile_cuts(View2<const float> values, double lower, double upper, std::span<float> scratch);

}  // namespace spec2::badpix_selfcal
