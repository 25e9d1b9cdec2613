#include "steps/flat_field/wavelength_steps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace spec2::flat_field {

void clean_wavelengths(View2<const float> wavelength, View2<float> cleaned, View2<float> step) {
  const std::size_t columns = wavelength.columns;
  std::vector<float> sum(columns, 0.0f);
  std::vector<float> count(columns, 0.0f);
  for (std::size_t y = 0; y < wavelength.rows; ++y) {
    const float* const row = wavelength.row(y);
    for (std::size_t x = 0; x < columns; ++x) {
      const bool good = row[x] > 0.0f;
      sum[x] += good ? row[x] : 0.0f;
      count[x] += good ? 1.0f : 0.0f;
    }
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
