#include "tests/unit/steps/clean_flicker_noise/test_image.hpp"

#include <algorithm>
#include <cmath>

namespace spec2::clean_flicker_noise {

std::vector<double> uniform_noise(std::size_t count, std::uint32_t seed) {
  std::vector<double> values(count);
  for (double& value : values) {
    seed = seed * 1664525u + 1013904223u;
    value = seed / 4294967296.0;
  }
  return values;
}

TestImage::TestImage(std::size_t row_count, std::size_t column_count)
    : rows(row_count), columns(column_count), values(rows * columns), mask(rows * columns, Mask{1}) {
  const std::vector<double> u = uniform_noise(4 * values.size(), 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t y = i / columns, x = i % columns;
    const double noise = ((u[4 * i] + u[4 * i + 1]) + u[4 * i + 2]) + u[4 * i + 3] - 2.0;
    values[i] = static_cast<float>(0.5 * noise + std::sin(0.37 * static_cast<double>(x)) + 0.01 * static_cast<double>(y));
    if ((x * 7 + y * 13) % 29 == 0) values[i] += 8.0f;
  }
}

void TestImage::leave_out(std::size_t y_low, std::size_t y_high, std::size_t x_low, std::size_t x_high) {
  for (std::size_t y = y_low; y < y_high; ++y) {
    for (std::size_t x = x_low; x < x_high; ++x) mask[y * columns + x] = 0;
  }
}

std::size_t TestImage::used() const { return static_cast<std::size_t>(std::count(mask.begin(), mask.end(), Mask{1})); }

}  // namespace spec2::clean_flicker_noise
