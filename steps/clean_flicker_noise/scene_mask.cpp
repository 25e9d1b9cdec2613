#include "steps/clean_flicker_noise/scene_mask.hpp"

#include <algorithm>
#include <cmath>

#include "core/math/gaussian_histogram.hpp"
#include "core/math/sigma_clip.hpp"

namespace spec2::clean_flicker_noise {
namespace {

/// The finite masked-in values of an image, in float64 as the statistics are.
std::size_t gather(View2<const float> image, View2<const Mask> mask, double* out) {
  std::size_t count = 0;
  for (std::size_t y = 0; y < image.rows; ++y) {
    const float* const values = image.row(y);
    const Mask* const use = mask.row(y);
    for (std::size_t x = 0; x < image.columns; ++x) {
      out[count] = values[x];
      count += use[x] != 0 && std::isfinite(values[x]);
    }
  }
  return count;
}

/// Values not above the center and their mirror images, in that order.
std::size_t gather_lower_half(View2<const float> image, View2<const Mask> mask, double center, std::span<double> out) {
  std::size_t count = 0;
  for (std::size_t y = 0; y < image.rows; ++y) {
    for (std::size_t x = 0; x < image.columns; ++x) {
      if (mask(y, x) && image(y, x) <= center) out[count++] = image(y, x);
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    const double value = out[i];
    out[i] = (value - center) + center;
    out[count + i] = (center - value) + center;
  }
  return 2 * count;
}

}  // namespace

void clip_to_background(View2<const float> image, View2<Mask> mask, const ClipLimits& limits, std::span<double> scratch) {
  if (!has_any(mask)) return;
  std::size_t count = gather(image, mask, scratch.data());
  ClippedStatistics found = sigma_clipped_statistics(scratch.first(count));
  double center = limits.fit_histogram ? found.mean : found.median;
  if (limits.lower_half_only) {
    count = gather_lower_half(image, mask, center, scratch);
    found = sigma_clipped_statistics(scratch.first(count));
    center = limits.fit_histogram ? found.mean : found.median;
  }
  double sigma = found.deviation;
  if (limits.fit_histogram) {
    if (const auto fit = fit_gaussian_to_histogram(scratch.first(count), center, sigma)) {
      center = fit->mean;
      sigma = fit->sigma;
    }
  }
  const double low = center - limits.sigma_lower * sigma;
  const double high = center + limits.sigma_upper * sigma;
  for (std::size_t y = 0; y < image.rows; ++y) {
    const float* const values = image.row(y);
    Mask* const use = mask.row(y);
    for (std::size_t x = 0; x < image.columns; ++x) {
      const double value = values[x];
      use[x] = static_cast<Mask>(use[x] & static_cast<Mask>(!(value < low) & !(value > high)));
    }
  }
}

void mask_region(View2<Mask> mask, const Region& region) {
  const auto place = [](std::int64_t end, std::size_t size) {
    const auto length = static_cast<std::int64_t>(size);
    return static_cast<std::size_t>(std::clamp(end < 0 ? end + length : end, std::int64_t{0}, length));
  };
  const std::size_t x_low = place(region.x_low, mask.columns), x_high = place(region.x_high, mask.columns);
  const std::size_t y_low = place(region.y_low, mask.rows), y_high = place(region.y_high, mask.rows);
  if (x_high <= x_low) return;
  for (std::size_t y = y_low; y < y_high; ++y) std::fill(mask.row(y) + x_low, mask.row(y) + x_high, Mask{0});
}

void mask_flagged(View2<const std::uint32_t> dq, std::uint32_t bits, View2<Mask> mask) {
  for (std::size_t y = 0; y < mask.rows; ++y) {
    for (std::size_t x = 0; x < mask.columns; ++x) mask.row(y)[x] &= static_cast<Mask>((dq.row(y)[x] & bits) == 0);
  }
}

void mask_no_data(View2<const float> image, View2<Mask> mask) {
  for (std::size_t y = 0; y < mask.rows; ++y) {
    for (std::size_t x = 0; x < mask.columns; ++x) {
      const float value = image.row(y)[x];
      mask.row(y)[x] &= static_cast<Mask>(!(std::isnan(value) | (value == 0.0f)));
    }
  }
}

bool has_any(View2<const Mask> mask) {
  for (std::size_t y = 0; y < mask.rows; ++y) {
    if (std::any_of(mask.row(y), mask.row(y) + mask.columns, [](Mask use) { return use != 0; })) return true;
  }
  return false;
}

}  // namespace spec2::clean_flicker_noise
