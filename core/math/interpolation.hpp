#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace spec2 {

/// Index of the last x[i] <= value in a rising x, starting the search at `hint` (the index found for a neighbour).
/// `value` must lie in [x[0], x[n-1]].
inline std::size_t interval_index(std::span<const double> x, double value, std::size_t hint) {
  const std::size_t last = x.size() - 1;
  std::size_t i = std::min(hint, last);
  if (x[i] <= value) {
    // Neighbouring pixels lie in the same or the next interval nearly always.
    for (int step = 0; step < 4; ++step) {
      if (i == last || value < x[i + 1]) return i;
      ++i;
    }
  } else {
    for (int step = 0; step < 4 && i > 0; ++step) {
      --i;
      if (x[i] <= value) return i;
    }
  }
  return static_cast<std::size_t>(std::upper_bound(x.begin(), x.end(), value) - x.begin()) - 1;
}

/// Linear interpolation in the curve y(x), x rising, with the results of numpy.interp (also for NaN in y): `left` and
/// `right` outside, NaN for NaN. `hint` is kept from call to call.
inline double interpolate(std::span<const double> x, std::span<const double> y, double value, double left, double right,
                          std::size_t& hint) {
  if (std::isnan(value)) return value;
  if (value < x.front()) return left;
  if (value > x.back()) return right;
  const std::size_t i = interval_index(x, value, hint);
  hint = i;
  if (i == x.size() - 1 || x[i] == value) return y[i];
  const double slope = (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
  double result = slope * (value - x[i]) + y[i];
  if (std::isnan(result)) {
    result = slope * (value - x[i + 1]) + y[i + 1];
    if (std::isnan(result) && y[i] == y[i + 1]) result = y[i];
  }
  return result;
}

/// As above, holding the ends outside.
inline double interpolate(std::span<const double> x, std::span<const double> y, double value, std::size_t& hint) {
  return interpolate(x, y, value, y.front(), y.back(), hint);
}

}  // namespace spec2
