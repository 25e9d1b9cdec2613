#include "steps/clean_flicker_noise/median_image.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "core/math/sigma_clip.hpp"

namespace spec2::clean_flicker_noise {
namespace {

/// Median of the values that are no NaN, rounded to float32; NaN when there are none.
float median_without_nan(std::vector<double>& values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  return values.empty() ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(median_of(values));
}

}  // namespace

Buffer<float> scaled_median_image(View3<const float> data, Account& account) {
  const std::size_t size = data.rows * data.columns;
  std::vector<float> scale(data.count);
  std::vector<double> values;
  for (std::size_t n = 0; n < data.count; ++n) {
    values.assign(data[n].data, data[n].data + size);
    scale[n] = median_without_nan(values);
  }
  values.assign(scale.begin(), scale.end());
  const float middle = median_without_nan(values);
  values.clear();
  for (float& one : scale) {
    one /= middle;
    if (std::isfinite(one)) values.push_back(one);
  }
  if (values.empty()) return {};
  const auto usual = static_cast<float>(median_of(values));
  for (float& one : scale) {
    if (!std::isfinite(one)) one = usual;
  }
  Buffer<float> result(account, data.count * size, "median image");
  for (std::size_t i = 0; i < size; ++i) {
    values.clear();
    for (std::size_t n = 0; n < data.count; ++n) values.push_back(data.data[n * size + i]);
    const float median = median_without_nan(values);
    for (std::size_t n = 0; n < data.count; ++n) result.data()[n * size + i] = scale[n] * median;
  }
  return result;
}

}  // namespace spec2::clean_flicker_noise
