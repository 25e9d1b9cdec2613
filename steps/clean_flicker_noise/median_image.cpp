#include "steps/clean_flicker_noise/median_image.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "core/math/sigma_clip.hpp"

namespace spec2::clean_flicker_noise {
namespace {

/// Median of the values that are no NaN; NaN when there are none.
double median_without_nan(std::vector<double>& values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  return values.empty() ? std::numeric_limits<double>::quiet_NaN() : median_of(values);
}

/// The fluxes over their median, by which the median image is scaled; empty when none is finite.
std::vector<double> scales_of(const std::vector<double>& fluxes) {
  std::vector<double> values = fluxes, scales = fluxes;
  const double middle = median_without_nan(values);
  values.clear();
  for (double& scale : scales) {
    scale /= middle;
    if (std::isfinite(scale)) values.push_back(scale);
  }
  if (values.empty()) return {};
  const double usual = median_of(values);
  for (double& scale : scales) {
    if (!std::isfinite(scale)) scale = usual;
  }
  return scales;
}

}  // namespace

std::vector<double> median_fluxes(View3<const float> data) {
  std::vector<double> fluxes, values;
  for (std::size_t n = 0; n < data.count; ++n) {
    values.assign(data[n].data, data[n].data + data.rows * data.columns);
    fluxes.push_back(static_cast<float>(median_without_nan(values)));
  }
  return fluxes;
}

std::vector<double> white_light(std::span<const Spectrum> by_integration) {
  std::vector<double> fluxes;
  for (const Spectrum& spectrum : by_integration) {
    double sum = 0.0;
    for (const double flux : spectrum.flux) sum += std::isnan(flux) ? 0.0 : flux;
    fluxes.push_back(sum);
  }
  return fluxes;
}

Buffer<float> scaled_median_image(View3<const float> data, const std::vector<double>& fluxes, Account& account) {
  const std::vector<double> scales = scales_of(fluxes);
  if (scales.empty()) return {};
  const std::size_t size = data.rows * data.columns;
  Buffer<float> result(account, data.count * size, "scratch median image");
  std::vector<double> values;
  for (std::size_t i = 0; i < size; ++i) {
    values.clear();
    for (std::size_t n = 0; n < data.count; ++n) values.push_back(data.data[n * size + i]);
    const double median = static_cast<float>(median_without_nan(values));
    for (std::size_t n = 0; n < data.count; ++n) result.data()[n * size + i] = static_cast<float>(scales[n] * median);
  }
  return result;
}

}  // namespace spec2::clean_flicker_noise
