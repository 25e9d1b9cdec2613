#include "steps/badpix_selfcal/outliers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace spec2::badpix_selfcal {
namespace {

/// The numbers in a window, sorted.
class SortedWindow {
 public:
  explicit SortedWindow(std::size_t capacity) { values_.reserve(capacity); }
  void clear() { values_.clear(); }
  void add(float value) {
    if (!std::isnan(value)) values_.insert(std::upper_bound(values_.begin(), values_.end(), value), value);
  }
  void remove(float value) {
    if (!std::isnan(value)) values_.erase(std::lower_bound(values_.begin(), values_.end(), value));
  }
  float median() const {
    if (values_.empty()) return std::numeric_limits<float>::quiet_NaN();
    const std::size_t half = values_.size() / 2;
    return values_.size() % 2 == 1 ? values_[half] : (values_[half - 1] + values_[half]) / 2.0f;
  }

 private:
  std::vector<float> values_;
};

/// The value at a place that may lie outside.
float padded(View2<const float> image, std::ptrdiff_t y, std::ptrdiff_t x) {
  const bool inside =
      y >= 0 && x >= 0 && y < static_cast<std::ptrdiff_t>(image.rows) && x < static_cast<std::ptrdiff_t>(image.columns);
  return inside ? image(static_cast<std::size_t>(y), static_cast<std::size_t>(x)) : 0.0f;
}

void filter_row(View2<const float> image, const Window& window, std::size_t y, float* difference) {
  const auto reach_y = static_cast<std::ptrdiff_t>(window.rows / 2), reach_x = static_cast<std::ptrdiff_t>(window.columns / 2);
  const auto row = static_cast<std::ptrdiff_t>(y);
  SortedWindow sorted(window.rows * window.columns);
  for (std::ptrdiff_t v = row - reach_y; v <= row + reach_y; ++v) {
    for (std::ptrdiff_t u = -reach_x; u <= reach_x; ++u) sorted.add(padded(image, v, u));
  }
  for (std::size_t x = 0; x < image.columns; ++x) {
    difference[x] = image(y, x) - sorted.median();
    const auto column = static_cast<std::ptrdiff_t>(x);
    for (std::ptrdiff_t v = row - reach_y; v <= row + reach_y; ++v) {
      sorted.remove(padded(image, v, column - reach_x));
      sorted.add(padded(image, v, column + reach_x + 1));
    }
  }
}

/// The quantile of `count` values in `values`, whose order is changed.
double quantile(std::span<float> values, double fraction) {
  const double place = static_cast<double>(values.size() - 1) * fraction;
  const auto below = static_cast<std::size_t>(std::floor(place));
  const std::size_t above = std::min(below + 1, values.size() - 1);
  const auto at = [&](std::size_t i) { return values.begin() + static_cast<std::ptrdiff_t>(i); };
  std::nth_element(values.begin(), at(below), values.end());
  const float low = values[below];
  const float high = above == below ? low : *std::min_element(at(above), values.end());
  const double t = place - static_cast<double>(below);
  const auto step = static_cast<double>(high - low);
  return t >= 0.5 ? static_cast<double>(high) - step * (1.0 - t) : static_cast<double>(low) + step * t;
}

}  // namespace

void take_minimum(View2<const float> image, View2<float> minimum) {
  for (std::size_t y = 0; y < minimum.rows; ++y) {
    const float* const from = image.row(y);
    float* const to = minimum.row(y);
    for (std::size_t x = 0; x < minimum.columns; ++x) to[x] = from[x] < to[x] || std::isnan(to[x]) ? from[x] : to[x];
  }
}

void subtract_running_median(View2<const float> image, const Window& window, View2<float> difference, const Parallel& parallel) {
  constexpr std::size_t kRows = 16;
  parallel.for_blocks(image.rows, kRows, [&](std::size_t begin, std::size_t end) {
    for (std::size_t y = begin; y < end; ++y) filter_row(image, window, y, difference.row(y));
  });
}

Cuts quantile_cuts(View2<const float> values, double lower, double upper, std::span<float> scratch) {
  std::size_t count = 0;
  for (std::size_t y = 0; y < values.rows; ++y) {
    for (std::size_t x = 0; x < values.columns; ++x) {
      scratch[count] = values(y, x);
      count += !std::isnan(values(y, x));
    }
  }
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (count == 0) return {kNone, kNone};
  // By way of percent, whose rounding the peer has.
  const std::span<float> numbers = scratch.first(count);
  return {quantile(numbers, lower * 100.0 / 100.0), quantile(numbers, (1.0 - upper) * 100.0 / 100.0)};
}

}  // namespace spec2::badpix_selfcal
