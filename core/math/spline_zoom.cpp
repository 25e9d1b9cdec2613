#include "core/math/spline_zoom.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace spec2 {
namespace {

/// Coefficients of the cubic B-spline through `count` samples, mirrored about half a sample beyond the ends: a recursive
/// filter forth and back. The first coefficient starts as in scipy.ndimage (1.17), which sums in place and so takes the
/// half-made sum where it means the first sample; for two or three samples that shows.
void to_coefficients(double* values, std::size_t count, std::size_t step) {
  if (count < 2) return;
  const double pole = std::sqrt(3.0) - 2.0;
  const double gain = (1.0 - pole) * (1.0 - 1.0 / pole);
  for (std::size_t i = 0; i < count; ++i) values[i * step] *= gain;
  const double turn = std::pow(pole, static_cast<double>(count));
  const double first = values[0];
  values[0] += turn * values[(count - 1) * step];
  double power = pole;
  for (std::size_t i = 1; i < count; ++i) {
    values[0] += power * (values[i * step] + turn * values[(count - 1 - i) * step]);
    power *= pole;
  }
  values[0] = values[0] * (pole / (1.0 - turn * turn)) + first;
  for (std::size_t i = 1; i < count; ++i) values[i * step] += pole * values[(i - 1) * step];
  values[(count - 1) * step] *= pole / (pole - 1.0);
  for (std::size_t i = count - 1; i-- > 0;) values[i * step] = pole * (values[(i + 1) * step] - values[i * step]);
}

/// The four samples and weights that give the spline at one place of the fine grid.
struct Tap {
  std::array<std::size_t, 4> index;
  std::array<double, 4> weight;
};

std::size_t mirrored(std::ptrdiff_t index, std::ptrdiff_t count) {
  const std::ptrdiff_t turn = 2 * count;
  index = ((index % turn) + turn) % turn;
  return static_cast<std::size_t>(index < count ? index : turn - 1 - index);
}

std::vector<Tap> taps(std::size_t fine, std::size_t coarse, std::size_t factor) {
  std::vector<Tap> result(fine);
  for (std::size_t i = 0; i < fine; ++i) {
    const double place = (static_cast<double>(i) + 0.5) / static_cast<double>(factor) - 0.5;
    const double base = std::floor(place);
    const double t = place - base, u = 1.0 - t;
    result[i].weight = {u * u * u / 6.0, (t * t * (t - 2.0) * 3.0 + 4.0) / 6.0, (u * u * (u - 2.0) * 3.0 + 4.0) / 6.0,
                        t * t * t / 6.0};
    for (std::size_t k = 0; k < 4; ++k) {
      result[i].index[k] =
          mirrored(static_cast<std::ptrdiff_t>(base) - 1 + static_cast<std::ptrdiff_t>(k), static_cast<std::ptrdiff_t>(coarse));
    }
  }
  return result;
}

}  // namespace

void zoom_cubic(View2<const float> coarse, std::size_t row_factor, std::size_t column_factor, View2<float> out) {
  std::vector<double> values(coarse.size());
  float low = coarse(0, 0), high = low;
  for (std::size_t y = 0; y < coarse.rows; ++y) {
    for (std::size_t x = 0; x < coarse.columns; ++x) {
      low = std::min(low, coarse(y, x));
      high = std::max(high, coarse(y, x));
      values[y * coarse.columns + x] = coarse(y, x);
    }
  }
  for (std::size_t x = 0; x < coarse.columns; ++x) to_coefficients(values.data() + x, coarse.rows, coarse.columns);
  for (std::size_t y = 0; y < coarse.rows; ++y) to_coefficients(values.data() + y * coarse.columns, coarse.columns, 1);
  const std::vector<Tap> down = taps(out.rows, coarse.rows, row_factor),
                         across = taps(out.columns, coarse.columns, column_factor);
  std::vector<double> line(coarse.columns);
  for (std::size_t y = 0; y < out.rows; ++y) {
    for (std::size_t x = 0; x < coarse.columns; ++x) {
      line[x] = 0.0;
      for (std::size_t k = 0; k < 4; ++k) line[x] += down[y].weight[k] * values[down[y].index[k] * coarse.columns + x];
    }
    float* const to = out.row(y);
    for (std::size_t x = 0; x < out.columns; ++x) {
      double sum = 0.0;
      for (std::size_t k = 0; k < 4; ++k) sum += across[x].weight[k] * line[across[x].index[k]];
      to[x] = std::clamp(static_cast<float>(sum), low, high);
    }
  }
}

}  // namespace spec2
