#include "steps/clean_flicker_noise/fft_full_frame.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include <Eigen/Dense>

#include "core/math/sigma_clip.hpp"

namespace spec2::clean_flicker_noise {
namespace {

using Complex = std::complex<double>;
constexpr double kHalfPower = 1.0 / (2.0 * 2048.0 / 16.0);  ///< 1/pixel
constexpr double kCutoffWidth = kHalfPower / 4.0;
constexpr double kDensitySigma = 32.0;
/// Of background pixels per pixel. The peer's densities come from a float32 transform and are no better than this; what is
/// smaller would give single pixels, opposite to a gap of the row before, all the weight.
constexpr double kLeastDensity = 1e-6;
constexpr double kSmoothSigma = 1.5;
constexpr double kOutlierSigma = 3.0;
constexpr std::size_t kEdgeRows = 4;  ///< reference pixels, not fitted

/// Gains of the components 0, 1, ... that are fitted.
std::vector<double> low_pass(std::size_t columns) {
  std::vector<double> gains;
  for (std::size_t k = 0; k < columns / 2 + 1; ++k) {
    const double frequency = static_cast<double>(k) / static_cast<double>(columns);
    double gain = 0.0;
    if (frequency <= kHalfPower - kCutoffWidth / 2) gain = 1.0;
    else if (frequency <= kHalfPower + kCutoffWidth / 2) {
      gain = (1.0 + std::cos(std::numbers::pi * (frequency - kHalfPower) / kCutoffWidth + std::numbers::pi / 2)) / 2;
    }
    if (!(gain > 0.0)) break;
    gains.push_back(gain);
  }
  return gains;
}

/// What all rows share.
struct Fit {
  std::vector<double> gains;
  std::vector<Complex> circle;
  std::vector<double> running;  ///< running sum of the density kernel, two turns
};

Fit make_fit(std::size_t columns) {
  Fit fit{low_pass(columns), std::vector<Complex>(columns), std::vector<double>(2 * columns + 1, 0.0)};
  const double step = 2.0 * std::numbers::pi / static_cast<double>(columns);
  for (std::size_t i = 0; i < columns; ++i) {
    fit.circle[i] = {std::cos(step * static_cast<double>(i)), std::sin(step * static_cast<double>(i))};
  }
  const std::size_t half = columns / 2;
  const double center = static_cast<double>(half + 1);
  for (std::size_t i = 0; i < 2 * columns; ++i) {
    const double offset = static_cast<double>((i + half) % columns) - center;
    const double height =
        std::exp(-offset * offset / (kDensitySigma * kDensitySigma) / 2) / kDensitySigma / std::sqrt(2 * std::numbers::pi);
    fit.running[i + 1] = fit.running[i] + static_cast<double>(static_cast<float>(height));
  }
  return fit;
}

struct Run {
  std::size_t begin, end;
};

/// The model of one row; none where it has fewer background pixels than components. The peer's kernel is off center by one
/// row and one column, so the density comes from `density_mask`, the row before.
bool fit_row(const Fit& fit, const float* data, const Mask* mask, const Mask* density_mask, std::size_t columns, float* model) {
  std::vector<std::size_t> place;
  std::vector<double> value;
  std::vector<Run> runs;
  for (std::size_t x = 0; x < columns; ++x) {
    if (mask[x]) {
      place.push_back(x);
      value.push_back(data[x]);
    }
    if (!density_mask[x]) continue;
    if (runs.empty() || runs.back().end != x) runs.push_back({x, x});
    runs.back().end = x + 1;
  }
  const std::size_t orders = fit.gains.size();
  if (place.size() < orders) return true;
  std::vector<double> work(value);
  const auto median = static_cast<float>(median_of(work));
  for (std::size_t i = 0; i < work.size(); ++i) work[i] = std::abs(static_cast<float>(value[i]) - median);
  const float sigma = 1.4826f * static_cast<float>(median_of(work));
  const float low = median - static_cast<float>(kOutlierSigma) * sigma, high = median + static_cast<float>(kOutlierSigma) * sigma;
  // Normal equations of a Fourier basis: element (k, l) depends on l - k alone.
  std::vector<Complex> lags(orders), right(orders);
  for (std::size_t i = 0; i < place.size(); ++i) {
    const std::size_t t = place[i] + columns + 1;
    double density = 0.0;
    for (const Run& run : runs) density += fit.running[t - run.begin] - fit.running[t - run.end];
    const double weight = 1.0 / std::max(density, kLeastDensity);
    const double sample = value[i] >= low && value[i] <= high ? value[i] : median;
    for (std::size_t k = 0; k < orders; ++k) {
      const Complex wave = fit.circle[k * place[i] % columns];
      lags[k] += weight * weight * wave;
      right[k] += weight * weight * sample * std::conj(wave);
    }
  }
  const auto size = static_cast<Eigen::Index>(orders);
  Eigen::MatrixXcd normal(size, size);
  Eigen::VectorXcd sums(size);
  for (Eigen::Index k = 0; k < size; ++k) {
    sums[k] = right[static_cast<std::size_t>(k)];
    for (Eigen::Index l = 0; l < size; ++l) {
      normal(k, l) = l >= k ? lags[static_cast<std::size_t>(l - k)] : std::conj(lags[static_cast<std::size_t>(k - l)]);
    }
  }
  const Eigen::PartialPivLU<Eigen::MatrixXcd> factors(normal);
  if ((factors.matrixLU().diagonal().array() == Complex(0.0)).any()) return false;
  const Eigen::VectorXcd solution = factors.solve(sums);
  for (std::size_t x = 0; x < columns; ++x) {
    double sum = fit.gains[0] * solution[0].real();
    for (std::size_t k = 1; k < orders; ++k) {
      const Complex wave = fit.circle[k * x % columns];
      const Complex amplitude = fit.gains[k] * solution[static_cast<Eigen::Index>(k)];
      sum += 2.0 * (amplitude.real() * wave.real() - amplitude.imag() * wave.imag());
    }
    model[x] = static_cast<float>(sum);
  }
  return true;
}

/// Subtracts the model smoothed along rows' order; like the peer's kernel, the smoothing shifts it by one row and column.
void subtract_smoothed(View2<const float> model, View2<float> data, const Parallel& parallel) {
  constexpr std::ptrdiff_t kReach = 12;  // 8 sigma: float32 sees no more
  std::vector<double> kernel;
  for (std::ptrdiff_t i = -kReach; i <= kReach; ++i) {
    const double offset = static_cast<double>(i) / kSmoothSigma;
    kernel.push_back(static_cast<float>(std::exp(-offset * offset / 2) / kSmoothSigma / std::sqrt(2 * std::numbers::pi)));
  }
  const auto rows = static_cast<std::ptrdiff_t>(data.rows);
  parallel.for_each(data.rows, [&](std::size_t y) {
    std::vector<double> sum(data.columns, 0.0);
    for (std::ptrdiff_t i = -kReach; i <= kReach; ++i) {
      const std::ptrdiff_t source = (static_cast<std::ptrdiff_t>(y) - 1 - i + rows) % rows;
      const float* const from = model.row(static_cast<std::size_t>(source));
      const double height = kernel[static_cast<std::size_t>(i + kReach)];
      for (std::size_t x = 0; x < data.columns; ++x) sum[x] += height * static_cast<double>(from[x]);
    }
    float* const out = data.row(y);
    for (std::size_t x = 0; x < data.columns; ++x) out[x] -= static_cast<float>(sum[(x + data.columns - 1) % data.columns]);
  });
}

}  // namespace

bool subtract_full_frame_noise(View2<float> image, View2<const Mask> mask, Detector detector, const FullFrameScratch& scratch,
                               const Parallel& parallel) {
  to_detector(detector, image, scratch.data);
  to_detector(detector, mask, scratch.mask);
  std::fill_n(scratch.model.data, scratch.model.size(), 0.0f);
  const std::size_t rows = scratch.data.rows, columns = scratch.data.columns;
  const Fit fit = make_fit(columns);
  std::atomic<bool> solved = true;
  parallel.for_each(rows - 2 * kEdgeRows, [&](std::size_t i) {
    const std::size_t y = i + kEdgeRows;
    const bool good =
        fit_row(fit, scratch.data.row(y), scratch.mask.row(y), scratch.mask.row(y - 1), columns, scratch.model.row(y));
    if (!good) solved = false;
  });
  if (!solved) return false;
  subtract_smoothed(scratch.model, scratch.data, parallel);
  to_image(detector, scratch.data, image);
  return true;
}

}  // namespace spec2::clean_flicker_noise
