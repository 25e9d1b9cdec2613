#include "steps/resample_spec/sampling.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/math/interpolation.hpp"
#include "core/math/sigma_clip.hpp"

namespace spec2::resample_spec {
namespace {

/// The smallest difference of neighbours, as a distance.
double smallest_step(const std::vector<double>& rising) {
  double step = rising[1] - rising[0];
  for (std::size_t i = 2; i < rising.size(); ++i) step = std::min(step, rising[i] - rising[i - 1]);
  return std::fabs(step);
}

/// Adds to `all` what the sorted `other` has beyond its ends.
void join_wavelengths(std::vector<double>& all, const std::vector<double>& other) {
  const double low = all.front(), high = all.back();
  all.insert(all.begin(), other.begin(), std::lower_bound(other.begin(), other.end(), low));
  all.insert(all.end(), std::upper_bound(other.begin(), other.end(), high), other.end());
}

double overlap(const std::vector<double>& a, const std::vector<double>& b) {
  return std::min(a.back(), b.back()) - std::max(a.front(), b.front());
}

/// Clips outliers of 100 standard deviations from the median. Mean and median lie within one standard deviation of each
/// other, so where no value is further than 99 from the mean the median need not be found.
ClipBounds outlier_bounds(std::span<double> values) {
  constexpr double kSigmas = 100.0;
  double sum = 0.0, low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : values) {
    sum += value;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  const double mean = sum / static_cast<double>(values.size());
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double reach = (kSigmas - 1.0) * std::sqrt(squares / static_cast<double>(values.size()));
  if (mean - low < reach && high - mean < reach) return {low, high};
  return sigma_clip_bounds(values, kSigmas, kSigmas, 5);
}

}  // namespace

Line fit_line(std::span<const double> values, double step) {
  const double n = static_cast<double>(values.size());
  const double middle = 0.5 * (n - 1.0);
  double mean = 0.0;
  for (const double value : values) mean += value;
  mean /= n;
  double above = 0.0, below = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double offset = static_cast<double>(i) - middle;
    above += offset * (values[i] - mean);
    below += offset * offset;
  }
  const double slope = values.size() > 1 ? above / below / step : 0.0;
  return {slope, mean - slope * middle * step};
}

std::vector<double> column_wavelengths(View2<const double> wavelength) {
  std::vector<double> result, column(wavelength.rows);
  result.reserve(wavelength.columns);
  for (std::size_t x = 0; x < wavelength.columns; ++x) {
    std::size_t count = 0;
    for (std::size_t y = 0; y < wavelength.rows; ++y) {
      const double value = wavelength(y, x);
      if (!std::isnan(value)) column[count++] = value;
    }
    if (count > 0) result.push_back(median_of({column.data(), count}));
  }
  return result;
}

std::vector<double> output_wavelengths(std::span<const View2<const double>> images) {
  std::vector<std::vector<double>> sets;
  for (const View2<const double>& image : images) {
    sets.push_back(column_wavelengths(image));
    std::sort(sets.back().begin(), sets.back().end());
  }
  if (sets.empty() || sets.front().size() < 2) {
    throw Error(ErrorCause::data, "a slit has wavelengths in less than two columns; its spectrum cannot be resampled");
  }
  std::vector<double> all = std::move(sets.front());
  const double step = smallest_step(all);
  sets.erase(sets.begin());
  std::erase_if(sets, [](const std::vector<double>& set) { return set.empty(); });
  // The image with the largest overlap (or the smallest gap) comes next.
  while (!sets.empty()) {
    const auto next = std::max_element(sets.begin(), sets.end(),
                                       [&](const auto& a, const auto& b) { return overlap(all, a) < overlap(all, b); });
    join_wavelengths(all, *next);
    sets.erase(next);
  }
  const double closest = std::max(0.1 * step, 1.0e2 * std::numeric_limits<double>::epsilon());
  std::vector<double> kept;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i + 1 == all.size() || !(std::fabs(all[i + 1] - all[i]) < closest)) kept.push_back(all[i]);
  }
  return kept;
}

Table wavelength_table(const std::vector<double>& wavelengths) {
  const std::size_t n = wavelengths.size();
  Table table;
  table.points.reserve(n + 2);
  table.values.reserve(n + 2);
  table.points.push_back(-0.5);
  for (std::size_t i = 0; i < n; ++i) table.points.push_back(static_cast<double>(i));
  table.points.push_back(static_cast<double>(n) - 0.5);
  if (n == 1) {
    table.values.assign(3, wavelengths[0]);
    return table;
  }
  table.values.push_back(-0.5 * (wavelengths[1] - wavelengths[0]) + wavelengths[0]);
  table.values.insert(table.values.end(), wavelengths.begin(), wavelengths.end());
  // The peer lays the last point this far out, not half a step: jwst 3.0.0 counts the columns from the first wavelength.
  const double step = wavelengths[n - 1] - wavelengths[n - 2];
  table.values.push_back(step * (static_cast<double>(n) - 0.5) + wavelengths[n - 2]);
  return table;
}

LightCentre light_centre(View2<const float> data, View2<const double> slit_y, View2<const double> wavelength,
                         std::span<double> scratch) {
  float minimum = std::numeric_limits<float>::quiet_NaN();
  double slit_sum = 0.0, wavelength_sum = 0.0;
  std::size_t slit_count = 0, wavelength_count = 0;
  for (std::size_t y = 0; y < data.rows; ++y) {
    for (std::size_t x = 0; x < data.columns; ++x) {
      minimum = std::fmin(minimum, data(y, x));
      if (!std::isnan(slit_y(y, x))) {
        slit_sum += slit_y(y, x);
        ++slit_count;
      }
      if (!std::isnan(wavelength(y, x))) {
        wavelength_sum += wavelength(y, x);
        ++wavelength_count;
      }
    }
  }
  const auto light = [&](std::size_t y, std::size_t x) { return data(y, x) - minimum; };
  const auto good = [&](std::size_t y, std::size_t x) {
    return std::isfinite(slit_y(y, x)) && std::isfinite(wavelength(y, x)) && std::isfinite(light(y, x));
  };
  std::size_t count = 0;
  for (std::size_t y = 0; y < data.rows; ++y) {
    for (std::size_t x = 0; x < data.columns; ++x) {
      if (good(y, x)) scratch[count++] = static_cast<double>(light(y, x));
    }
  }
  const ClipBounds bounds = outlier_bounds(scratch.first(count));
  double weighted = 0.0, weights = 0.0;
  bool all_zero = true;
  for (std::size_t y = 0; y < data.rows; ++y) {
    for (std::size_t x = 0; x < data.columns; ++x) {
      if (!good(y, x)) continue;
      const double weight = light(y, x);
      if (weight < bounds.low || weight > bounds.high) continue;
      weighted += slit_y(y, x) * weight;
      weights += weight;
      all_zero &= weight == 0.0;
    }
  }
  return {all_zero ? slit_sum / static_cast<double>(slit_count) : weighted / weights,
          wavelength_sum / static_cast<double>(wavelength_count)};
}

void Range::widen(Range& x, Range& y, std::span<const double> x_values, std::span<const double> y_values) {
  for (std::size_t i = 0; i < x_values.size(); ++i) {
    // Comparisons with NaN are false.
    const bool finite = std::isfinite(x_values[i]) && std::isfinite(y_values[i]);
    x.low = finite && x_values[i] < x.low ? x_values[i] : x.low;
    x.high = finite && x_values[i] > x.high ? x_values[i] : x.high;
    y.low = finite && y_values[i] < y.low ? y_values[i] : y.low;
    y.high = finite && y_values[i] > y.high ? y_values[i] : y.high;
  }
}

SpatialGrid spatial_grid(Line x, Line y, const Range& x_extent, const Range& y_extent) {
  SpatialGrid grid;
  grid.along_y = std::fabs(x.slope) < std::fabs(y.slope);
  const double x_step = std::fabs(x.slope), y_step = std::fabs(y.slope);
  // One row more, so that no data are left out.
  const double rows = std::ceil(grid.along_y ? y_extent.width() / y_step : x_extent.width() / x_step) + 1.0;
  if (!(rows >= 1.0 && rows < 1.0e6)) {
    throw Error(ErrorCause::data, "the positions along a slit do not give an output grid; its spectrum cannot be resampled");
  }
  grid.rows = static_cast<std::size_t>(rows);
  const auto centred = [&](Line line, double step, const Range& extent) {
    const double sign = line.slope > 0.0 ? 1.0 : line.slope < 0.0 ? -1.0 : 0.0;
    const double margin = rows / 2.0 * step - extent.width() / 2.0;
    return Line{line.slope, (sign > 0.0 ? extent.low : extent.high) - sign * margin};
  };
  grid.x = centred(x, x_step, x_extent);
  grid.y = centred(y, y_step, y_extent);
  return grid;
}

void columns_of(const Table& table, std::span<const double> wavelength, std::span<double> column) {
  if (table.values.front() > table.values.back()) {
    Table rising{{table.points.rbegin(), table.points.rend()}, {table.values.rbegin(), table.values.rend()}, table.extrapolates};
    return columns_of(rising, wavelength, column);
  }
  const std::span<const double> values = table.values, points = table.points;
  const std::size_t last = values.size() - 2;
  std::size_t hint = 0;
  for (std::size_t i = 0; i < wavelength.size(); ++i) {
    const double value = wavelength[i];
    const bool inside = value >= values.front() && value <= values.back();
    if (std::isnan(value) || (!inside && !table.extrapolates)) {
      column[i] = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    hint = !inside ? (value < values.front() ? 0 : last) : std::min(interval_index(values, value, hint), last);
    const double part = (value - values[hint]) / (values[hint + 1] - values[hint]);
    column[i] = points[hint] * (1.0 - part) + points[hint + 1] * part;
  }
}

}  // namespace spec2::resample_spec
