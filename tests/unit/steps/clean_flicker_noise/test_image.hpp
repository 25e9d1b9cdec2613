#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/view.hpp"
#include "steps/clean_flicker_noise/scene_mask.hpp"

namespace spec2::clean_flicker_noise {

/// Numbers in [0, 1) of a linear congruential generator (1664525, 1013904223, 2^32).
std::vector<double> uniform_noise(std::size_t count, std::uint32_t seed);

/// An image with noise, waves along rows, a slope along columns and some bright pixels; the peer got the same one.
struct TestImage {
  std::size_t rows, columns;
  std::vector<float> values;
  std::vector<Mask> mask;

  TestImage(std::size_t row_count, std::size_t column_count);
  View2<float> image() { return {values.data(), rows, columns}; }
  View2<Mask> use() { return {mask.data(), rows, columns}; }
  void leave_out(std::size_t y_low, std::size_t y_high, std::size_t x_low, std::size_t x_high);
  std::size_t used() const;
};

}  // namespace spec2::clean_flicker_noise
