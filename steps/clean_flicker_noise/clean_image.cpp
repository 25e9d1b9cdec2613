#include "steps/clean_flicker_noise/clean_image.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/math/sigma_clip.hpp"
#include "steps/clean_flicker_noise/background_map.hpp"
#include "steps/clean_flicker_noise/fft_full_frame.hpp"
#include "steps/clean_flicker_noise/fft_subarray.hpp"
#include "steps/clean_flicker_noise/median_noise.hpp"

namespace spec2::clean_flicker_noise {
namespace {

constexpr std::size_t kFullFrame = 2048;
constexpr double kBackgroundSigma = 3.0;

bool is_full_frame(std::size_t rows, std::size_t columns) { return rows == kFullFrame && columns == kFullFrame; }

float median_of_mask(View2<const float> image, View2<const Mask> mask, std::span<double> values) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < image.size(); ++i) {
    if (mask.data[i] && !std::isnan(image.data[i])) values[count++] = image.data[i];
  }
  return count > 0 ? static_cast<float>(median_of(values.first(count))) : std::numeric_limits<float>::quiet_NaN();
}

/// Turned back to the image: data less the noise in float64, plus the background.
void subtract_noise(View2<float> image, View2<const double> noise, Detector detector, View2<const float> background) {
  for (std::size_t y = 0; y < image.rows; ++y) {
    for (std::size_t x = 0; x < image.columns; ++x) {
      const std::size_t row = image_column(detector, x, noise.rows);
      image(y, x) = static_cast<float>(static_cast<double>(image(y, x)) - noise(row, y) + static_cast<double>(background(y, x)));
    }
  }
}

void add(View2<float> image, View2<const float> other) {
  for (std::size_t i = 0; i < image.size(); ++i) image.data[i] += other.data[i];
}

}  // namespace

CleanScratch::CleanScratch(Account& account, std::size_t rows, std::size_t columns, const CleanSettings& settings)
    : rows_(rows), columns_(columns) {
  const std::size_t size = rows * columns;
  background_ = Buffer<float>(account, size, "scratch background of flicker noise");
  values_ = Buffer<double>(account, 2 * size, "scratch background values");
  nan_ = Buffer<Mask>(account, size, "scratch NaN pixels");
  if (settings.fit != FitMethod::fft) return;
  turned_ = Buffer<float>(account, size, "scratch image in detector order");
  turned_mask_ = Buffer<Mask>(account, size, "scratch mask in detector order");
  if (is_full_frame(rows, columns)) {
    model_ = Buffer<float>(account, size, "scratch noise model");
  } else {
    noise_ = Buffer<double>(account, size, "scratch noise model");
    weight_ = Buffer<double>(account, size, "scratch noise weights");
  }
}

void background_level(View2<const float> image, View2<Mask> mask, BackgroundMethod method,
                      const std::optional<std::array<std::size_t, 2>>& box, std::span<double> values, View2<float> background) {
  clip_to_background(image, mask, {.sigma_lower = kBackgroundSigma, .sigma_upper = kBackgroundSigma, .lower_half_only = true},
                     values);
  const auto boxes = box.value_or(default_box(image.rows, image.columns));
  if (method == BackgroundMethod::model && background_map(image, mask, boxes, background)) return;
  std::fill_n(background.data, background.size(), median_of_mask(image, mask, values));
}

CleanOutcome clean_image(View2<float> image, View2<Mask> mask, const CleanSettings& settings, CleanScratch& scratch,
                         const Parallel& parallel) {
  const bool has_flat = !settings.flat.empty();
  Mask* const nan = scratch.nan_.data();
  for (std::size_t i = 0; i < image.size(); ++i) {
    if (has_flat) image.data[i] /= settings.flat.data[i];
    nan[i] = std::isnan(image.data[i]);
    if (!nan[i]) continue;
    image.data[i] = 0.0f;
    mask.data[i] = 0;
  }
  if (!has_any(mask)) return CleanOutcome::no_data;
  const View2<float> background = scratch.background();
  const std::span<double> values(scratch.values_.data(), scratch.values_.size());
  if (settings.background == BackgroundMethod::none) {
    std::fill_n(background.data, background.size(), 0.0f);
  } else {
    background_level(image, mask, settings.background, settings.box, values, background);
    for (std::size_t i = 0; i < image.size(); ++i) image.data[i] -= background.data[i];
    if (settings.n_sigma > 0.0) {
      clip_to_background(image, mask, {.sigma_lower = settings.n_sigma, .sigma_upper = settings.n_sigma, .lower_half_only = true},
                         values);
    }
  }
  if (settings.fit == FitMethod::median) {
    subtract_median_lines(image, mask, settings.slow_axis, settings.by_channel, values);
    add(image, background);
  } else if (is_full_frame(image.rows, image.columns)) {
    const FullFrameScratch places{scratch.view(scratch.turned_), scratch.view(scratch.turned_mask_),
                                  scratch.view(scratch.model_)};
    if (!subtract_full_frame_noise(image, mask, settings.detector, places, parallel)) return CleanOutcome::failed;
    add(image, background);
  } else {
    const auto turned = [&](auto& buffer) { return View2(buffer.data(), image.columns, image.rows); };
    const SubarrayScratch places{turned(scratch.turned_), turned(scratch.turned_mask_), turned(scratch.weight_), values};
    const View2<double> noise = turned(scratch.noise_);
    if (fit_subarray_noise(image, mask, settings.detector, settings.band, noise, places, parallel) != FitOutcome::done) {
      return CleanOutcome::failed;
    }
    subtract_noise(image, noise, settings.detector, background);
  }
  for (std::size_t i = 0; i < image.size(); ++i) {
    if (has_flat) image.data[i] *= settings.flat.data[i];
    if (nan[i]) image.data[i] = std::numeric_limits<float>::quiet_NaN();
  }
  return CleanOutcome::cleaned;
}

}  // namespace spec2::clean_flicker_noise
