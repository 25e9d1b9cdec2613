#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace spec2::test {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Numbers in [0, 1) that look random and are the same in any language: ((i * 7919) mod 1000) / 1000.
inline double scattered(std::size_t i) { return static_cast<double>(i * 7919 % 1000) / 1000.0; }

/// `count` values base + scale * scattered(first + i), rounded to float32 once.
inline std::vector<float> scattered_floats(std::size_t count, double base, double scale, std::size_t first = 0) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(base + scale * scattered(first + i));
  return values;
}

}  // namespace spec2::test
