#pragma once

#include <cstddef>
#include <span>

namespace spec2 {

/// Values outside [low, high] are clipped.
struct ClipBounds {
  double low;
  double high;
};

/// Sigma clipping about the median with the standard deviation about the mean, repeated until nothing more is clipped or
/// `max_iterations` is reached (0: no limit). `values` must be finite; their order is changed. For no values the bounds
/// clip everything. Same results as astropy.stats.sigma_clip (8.0) with its defaults.
ClipBounds sigma_clip_bounds(std::span<double> values, double sigma_low, double sigma_high, std::size_t max_iterations);

/// Median; the mean of the two middle values for an even number. The order of `values` is changed.
double median_of(std::span<double> values);

}  // namespace spec2
