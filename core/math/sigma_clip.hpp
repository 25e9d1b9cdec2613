#pragma once

#include <cstddef>
#include <limits>
#include <span>

namespace spec2 {

/// Values outside [low, high] are clipped.
struct ClipBounds {
  double low;
  double high;
};

/// Sigma clipping about the median with the standard deviation about the mean, repeated until nothing more is clipped or
/// `max_iterations` is reached (0: no limit). `values` must be finite; their order is changed, none is lost. For no values the
/// bounds clip everything. Same results as astropy.stats.sigma_clip (8.0) with its defaults.
ClipBounds sigma_clip_bounds(std::span<double> values, double sigma_low, double sigma_high, std::size_t max_iterations);

/// Of the values that sigma clipping keeps; NaN when there are none.
struct ClippedStatistics {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double median = std::numeric_limits<double>::quiet_NaN();
  double deviation = std::numeric_limits<double>::quiet_NaN();
};

/// As astropy.stats.sigma_clipped_stats (8.0). The last bounds hold for all values, also for those clipped before. The order
/// of `values` is changed.
ClippedStatistics sigma_clipped_statistics(std::span<double> values, double sigma = 3.0, std::size_t max_iterations = 5);

/// Median; the mean of the two middle values for an even number. The order of `values` is changed.
double median_of(std::span<double> values);

}  // namespace spec2
