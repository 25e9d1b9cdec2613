#include "steps/flat_field/wavelength_steps.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace spec2::flat_field {

namespace {

/// Sums over rows [first, last) of each column in the order of numpy's pairwise summation (see core/math/pairwise_sum.hpp), the
/// values without wavelength as zeros.
std::vector<float> column_sums(View2<const float> wavelength, std::size_t first, std::size_t last) {
  constexpr std::size_t kLanes = 8, kBlock = 128;
  const std::size_t columns = wavelength.columns, rows = last - first;
  const auto add_row = [&](std::vector<float>& sums, std::size_t y) {
    const float* const row = wavelength.row(y);
    for (std::size_t x = 0; x < columns; ++x) sums[x] += row[x] > 0.0f ? row[x] : 0.0f;
  };
  const auto add = [&](std::vector<float>& sums, const std::vector<float>& more) {
    for (std::size_t x = 0; x < columns; ++x) sums[x] += more[x];
  };
  if (rows > kBlock) {
    const std::size_t half = rows / 2 - rows / 2 % kLanes;
    std::vector<float> sums = column_sums(wavelength, first, first + half);
    add(sums, column_sums(wavelength, first + half, last));
    return sums;
  }
  if (rows < kLanes) {
    std::vector<float> sums(columns, 0.0f);
    for (std::size_t y = first; y < last; ++y) add_row(sums, y);
    return sums;
  }
  std::array<std::vector<float>, kLanes> lanes;
  for (auto& lane : lanes) lane.assign(columns, 0.0f);
  const std::size_t whole = rows - rows % kLanes;
  for (std::size_t i = 0; i < whole; ++i) add_row(lanes[i % kLanes], first + i);
  for (std::size_t step = 1; step < kLanes; step *= 2) {
    for (std::size_t i = 0; i < kLanes; i += 2 * step) add(lanes[i], lanes[i + step]);
  }
  for (std::size_t y = first + whole; y < last; ++y) add_row(lanes[0], y);
  return lanes[0];
}

}  // namespace

void clean_wavelengths(View2<const float> wavelength, View2<float> cleaned, View2<float> step) {
  const std::size_t columns = wavelength.columns;
  const std::vector<float> sum = column_sums(wavelength, 0, wavelength.rows);
  std::vector<float> count(columns, 0.0f);
  for (std::size_t y = 0; y < wavelength.rows; ++y) {
    const float* const row = wavelength.row(y);
    for (std::size_t x = 0; x < columns; ++x) count[x] += row[x] > 0.0f ? 1.0f : 0.0f;
  }
  std::size_t first = columns, last = 0;
  for (std::size_t x = 0; x < columns; ++x) {
    if (count[x] == 0.0f) continue;
    first = std::min(first, x);
    last = x;
  }
  for (std::size_t y = 0; y < wavelength.rows; ++y) {
    const float* const row = wavelength.row(y);
    float* const out = cleaned.row(y);
    for (std::size_t x = 0; x < columns; ++x) {
      out[x] = row[x] > 0.0f ? row[x] : count[x] > 0.0f ? sum[x] / count[x] : std::numeric_limits<float>::quiet_NaN();
    }
    if (first < columns) {
      std::fill_n(out, first, out[first]);
      std::fill(out + last, out + columns, out[last]);
    }
    float* const width = step.row(y);
    for (std::size_t x = 0; x + 1 < columns; ++x) width[x] = out[x + 1] - out[x];
    width[columns - 1] = columns > 1 ? width[columns - 2] : 0.0f;
  }
}

}  // namespace spec2::flat_field
