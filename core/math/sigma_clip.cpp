#include "core/math/sigma_clip.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace spec2 {

double median_of(std::span<double> values) {
  const std::size_t middle = values.size() / 2;
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle), values.end());
  const double upper = values[middle];
  if (values.size() % 2 == 1) return upper;
  return 0.5 * (upper + *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle)));
}

ClipBounds sigma_clip_bounds(std::span<double> values, double sigma_low, double sigma_high, std::size_t max_iterations) {
  ClipBounds bounds{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (std::size_t iteration = 1; !values.empty(); ++iteration) {
    double mean = 0.0;
    for (const double value : values) mean += value;
    mean /= static_cast<double>(values.size());
    double variance = 0.0;
    for (const double value : values) variance += (mean - value) * (mean - value);
    const double deviation = std::sqrt(variance / static_cast<double>(values.size()));
    const double center = median_of(values);
    bounds = {center - sigma_low * deviation, center + sigma_high * deviation};
    const auto kept =
        std::partition(values.begin(), values.end(), [&](double value) { return !(value < bounds.low || value > bounds.high); });
    const auto count = static_cast<std::size_t>(kept - values.begin());
    if (count == values.size() || iteration == max_iterations) break;
    values = values.first(count);
  }
  return bounds;
}

ClippedStatistics sigma_clipped_statistics(std::span<double> values, double sigma, std::size_t max_iterations) {
  const ClipBounds bounds = sigma_clip_bounds(values, sigma, sigma, max_iterations);
  const auto kept =
      std::partition(values.begin(), values.end(), [&](double value) { return !(value < bounds.low || value > bounds.high); });
  const std::span<double> inside(values.begin(), kept);
  ClippedStatistics result;
  if (inside.empty()) return result;
  double sum = 0.0;
  for (const double value : inside) sum += value;
  result.mean = sum / static_cast<double>(inside.size());
  double squares = 0.0;
  for (const double value : inside) squares += (value - result.mean) * (value - result.mean);
  result.deviation = std::sqrt(squares / static_cast<double>(inside.size()));
  result.median = median_of(inside);
  return result;
}

}  // namespace spec2
