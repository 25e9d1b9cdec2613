#pragma once

#include <cstddef>
#include <span>

namespace spec2 {

/// Sum in the order of numpy's pairwise summation: eight running sums for up to 128 values, halves beyond. Where a result
/// decides something (an iteration, a comparison) the rounding of the peer's float32 sums has to be met.
template <class Real>
Real pairwise_sum(std::span<const Real> values) {
  const std::size_t n = values.size();
  if (n < 8) {
    Real sum = 0;
    for (const Real value : values) sum += value;
    return sum;
  }
  constexpr std::size_t kBlock = 128;
  if (n > kBlock) {
    std::size_t half = n / 2;
    half -= half % 8;
    return pairwise_sum(values.first(half)) + pairwise_sum(values.subspan(half));
  }
  Real r[8];
  for (std::size_t k = 0; k < 8; ++k) r[k] = values[k];
  std::size_t i = 8;
  for (; i < n - n % 8; i += 8) {
    for (std::size_t k = 0; k < 8; ++k) r[k] += values[i + k];
  }
  Real sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
  for (; i < n; ++i) sum += values[i];
  return sum;
}

}  // namespace spec2
