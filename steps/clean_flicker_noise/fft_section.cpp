#include "steps/clean_flicker_noise/fft_section.hpp"

#include <cmath>
#include <complex>
#include <numbers>

#include <Eigen/Dense>

namespace spec2::clean_flicker_noise {
namespace {

constexpr std::size_t kLineOverhead = 12;   ///< pixels
constexpr float kPixelTime = 10.0e-6f;      ///< s
using Complex = std::complex<double>;

/// Fourier components with a gain above 0, of a clocking pattern of `ticks` pixels.
struct Components {
  std::vector<std::size_t> index;
  std::vector<float> gain;
};

Components components_of(std::size_t ticks, const FrequencyBand& band) {
  Components result;
  const double spacing = 1.0 / (static_cast<double>(ticks) * static_cast<double>(kPixelTime));
  const auto roll = [](float frequency, float from, float to, float phase) {
    return 0.5f * (std::cos((std::numbers::pi_v<float> / (to - from)) * (frequency - from) + phase) + 1.0f);
  };
  for (std::size_t k = 0; k < ticks / 2 + 1; ++k) {
    const auto frequency = static_cast<float>(static_cast<double>(k) * spacing);
    float gain = 0.0f;
    if (frequency < band.low_end || frequency >= band.high_full) gain = 1.0f;
    else if (frequency < band.low_stop) gain = roll(frequency, band.low_end, band.low_stop, 0.0f);
    else if (frequency >= band.high_start) gain = roll(frequency, band.high_start, band.high_full, std::numbers::pi_v<float>);
    if (gain > 0.0f) {
      result.index.push_back(k);
      result.gain.push_back(gain);
    }
  }
  return result;
}

/// Times of the background pixels in ticks, and the runs of consecutive ones.
struct Samples {
  struct Run {
    std::size_t begin, end;
  };
  std::vector<std::size_t> tick;
  std::vector<float> value;
  std::vector<Run> runs;
};

Samples samples_of(View2<const float> data, View2<const Mask> mask) {
  Samples samples;
  for (std::size_t y = 0; y < data.rows; ++y) {
    const std::size_t first = y * (data.columns + kLineOverhead);
    for (std::size_t x = 0; x < data.columns; ++x) {
      if (!mask(y, x)) continue;
      if (samples.runs.empty() || samples.runs.back().end != first + x) samples.runs.push_back({first + x, first + x});
      samples.runs.back().end = first + x + 1;
      samples.tick.push_back(first + x);
      samples.value.push_back(data(y, x));
    }
  }
  return samples;
}

/// Reciprocal of the density of samples about each sample: the mask convolved, cyclically, with a Gaussian one tick off
/// center. A run adds a difference of the kernel's running sum.
std::vector<double> weights_of(const Samples& samples, std::size_t ticks, const FrequencyBand& band) {
  const float sigma = static_cast<float>(1.0 / ((static_cast<double>(band.low_end) + static_cast<double>(band.low_stop)) / 2.0)) /
                      kPixelTime / 2.0f / 4.0f;
  const std::size_t half = ticks / 2;
  const auto center = static_cast<float>(half + 1);
  std::vector<double> running(2 * ticks + 1, 0.0);
  for (std::size_t i = 0; i < 2 * ticks; ++i) {
    const float offset = static_cast<float>((i + half) % ticks) - center;
    const float height = std::exp(-(offset * offset) / (sigma * sigma) / 2.0f) / sigma;
    running[i + 1] = running[i] + static_cast<double>(height) / std::sqrt(2.0 * std::numbers::pi);
  }
  std::vector<double> weights(samples.tick.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::size_t t = samples.tick[i] + ticks + 1;
    double density = 0.0;
    for (const Samples::Run& run : samples.runs) density += running[t - run.begin] - running[t - run.end];
    weights[i] = 1.0 / density;
    if (!std::isfinite(weights[i])) weights[i] = 0.0;
  }
  return weights;
}

std::vector<Complex> unit_circle(std::size_t ticks) {
  std::vector<Complex> circle(ticks);
  const double step = 2.0 * std::numbers::pi / static_cast<double>(ticks);
  for (std::size_t i = 0; i < ticks; ++i) {
    circle[i] = {std::cos(step * static_cast<double>(i)), std::sin(step * static_cast<double>(i))};
  }
  return circle;
}

/// Weighted least squares for the Fourier components; empty when singular.
Eigen::VectorXcd solve(const Samples& samples, const std::vector<double>& weights, const Components& components,
                       const std::vector<Complex>& circle) {
  const std::size_t count = samples.tick.size();
  const auto size = static_cast<double>(count);
  std::vector<Complex> rounded(circle.size());
  for (std::size_t i = 0; i < circle.size(); ++i) {
    rounded[i] = {static_cast<float>(circle[i].real() / size), static_cast<float>(circle[i].imag() / size)};
  }
  Eigen::MatrixXcd basis(static_cast<Eigen::Index>(count), static_cast<Eigen::Index>(components.index.size()));
  Eigen::VectorXcd values(static_cast<Eigen::Index>(count));
  for (std::size_t i = 0; i < count; ++i) values[static_cast<Eigen::Index>(i)] = weights[i] * samples.value[i];
  for (std::size_t k = 0; k < components.index.size(); ++k) {
    for (std::size_t i = 0; i < count; ++i) {
      basis(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k)) =
          weights[i] * rounded[samples.tick[i] * components.index[k] % circle.size()];
    }
  }
  const Eigen::MatrixXcd normal = basis.adjoint() * basis;
  const Eigen::PartialPivLU<Eigen::MatrixXcd> factors(normal);
  if ((factors.matrixLU().diagonal().array() == Complex(0.0)).any()) return {};
  return factors.solve(basis.adjoint() * values);
}

/// The inverse real transform of the components at the ticks of pixels.
void evaluate(const Eigen::VectorXcd& solution, const Components& components, const std::vector<Complex>& circle, double scale,
              View2<float> model) {
  const std::size_t ticks = circle.size();
  std::vector<Complex> amplitude(components.index.size());
  for (std::size_t k = 0; k < amplitude.size(); ++k) {
    const std::complex<float> rounded(solution[static_cast<Eigen::Index>(k)]);
    const std::complex<float> scaled(Complex(rounded) * scale);
    const std::complex<float> filtered = scaled * components.gain[k];
    const bool single = components.index[k] == 0 || 2 * components.index[k] == ticks;
    amplitude[k] = Complex(filtered) * ((single ? 1.0 : 2.0) / static_cast<double>(ticks));
  }
  std::vector<double> line(model.columns);
  for (std::size_t y = 0; y < model.rows; ++y) {
    std::fill(line.begin(), line.end(), 0.0);
    const std::size_t first = y * (model.columns + kLineOverhead);
    for (std::size_t k = 0; k < amplitude.size(); ++k) {
      std::size_t place = first * components.index[k] % ticks;
      for (double& value : line) {
        value += amplitude[k].real() * circle[place].real() - amplitude[k].imag() * circle[place].imag();
        place += components.index[k];
        if (place >= ticks) place -= ticks;
      }
    }
    for (std::size_t x = 0; x < model.columns; ++x) model(y, x) = static_cast<float>(line[x]);
  }
}

}  // namespace

bool fit_section(View2<const float> data, View2<const Mask> mask, const FrequencyBand& band, View2<float> model) {
  const std::size_t ticks = data.rows * (data.columns + kLineOverhead);
  const Components components = components_of(ticks, band);
  const Samples samples = samples_of(data, mask);
  const std::vector<double> weights = weights_of(samples, ticks, band);
  const std::vector<Complex> circle = unit_circle(ticks);
  const Eigen::VectorXcd solution = solve(samples, weights, components, circle);
  if (solution.size() == 0) return false;
  evaluate(solution, components, circle, static_cast<double>(ticks) / static_cast<double>(samples.tick.size()), model);
  return true;
}

}  // namespace spec2::clean_flicker_noise
