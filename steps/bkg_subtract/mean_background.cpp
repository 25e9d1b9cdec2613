#include "steps/bkg_subtract/mean_background.hpp"

#include <cmath>
#include <limits>

#include "core/math/sigma_clip.hpp"

namespace spec2::bkg_subtract {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Marks the values that stay; the others are NaN, infinite or clipped.
void clip_values(const std::vector<double>& values, const ClipSettings& clip, std::vector<double>& work, std::vector<char>& kept) {
  work.clear();
  for (const double value : values) {
    if (std::isfinite(value)) work.push_back(value);
  }
  const ClipBounds bounds = sigma_clip_bounds(work, clip.sigma, clip.sigma, clip.max_iterations);
  for (std::size_t i = 0; i < values.size(); ++i) kept[i] = values[i] >= bounds.low && values[i] <= bounds.high ? 1 : 0;
}

/// Mean over integrations: the peer's sum of a float32 stack is float32, its quotient float64.
double mean_of_kept_floats(const std::vector<double>& values, const std::vector<char>& kept) {
  float sum = 0.0f;
  std::size_t count = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!kept[i]) continue;
    sum += static_cast<float>(values[i]);
    ++count;
  }
  return count > 0 ? static_cast<double>(sum) / static_cast<double>(count) : 0.0;
}

double mean_of_kept(const std::vector<double>& values, const std::vector<char>& kept) {
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!kept[i]) continue;
    sum += values[i];
    ++count;
  }
  return count > 0 ? sum / static_cast<double>(count) : 0.0;
}

/// Room for one pixel's values, reused over all pixels of a block.
struct Work {
  std::vector<double> data, variance, series, clipped;
  std::vector<char> kept;
};

/// Value and variance of one background at a pixel; the mean of its clipped integrations for stacks.
void add_background(const BackgroundImage& image, bool by_integration, const ClipSettings& clip, std::size_t y, std::size_t x, Work& work,
                    std::uint32_t& flags) {
  if (y >= image.rows || x >= image.columns) {
    // The mean of a stack without values is 0, not NaN.
    const double missing = by_integration && image.rows > 0 ? 0.0 : kNaN;
    work.data.push_back(missing);
    work.variance.push_back(missing);
    return;
  }
  const std::size_t row = image.first_row + y, column = image.first_column + x;
  if (!by_integration) {
    const double error = image.err[0](row, column);
    work.data.push_back(image.sci[0](row, column));
    work.variance.push_back(static_cast<double>(static_cast<float>(error) * static_cast<float>(error)));
    flags |= image.dq[0](row, column);
    return;
  }
  const auto clipped_mean = [&](auto value_of) {
    work.series.clear();
    for (std::size_t n = 0; n < image.sci.count; ++n) work.series.push_back(value_of(n));
    work.kept.assign(work.series.size(), 0);
    clip_values(work.series, clip, work.clipped, work.kept);
    return mean_of_kept_floats(work.series, work.kept);
  };
  work.data.push_back(clipped_mean([&](std::size_t n) { return static_cast<double>(image.sci[n](row, column)); }));
  work.variance.push_back(clipped_mean([&](std::size_t n) {
    const float error = image.err[n](row, column);
    return static_cast<double>(error * error);
  }));
  for (std::size_t n = 0; n < image.dq.count; ++n) flags |= image.dq[n](row, column);
}

}  // namespace

void mean_background(std::span<const BackgroundImage> images, bool by_integration, const ClipSettings& clip, View2<float> mean,
                     View2<float> error, View2<std::uint32_t> dq, const Parallel& parallel) {
  constexpr std::size_t kRowsPerBlock = 16;
  parallel.for_blocks(mean.rows, kRowsPerBlock, [&](std::size_t first, std::size_t last) {
    Work work;
    for (std::size_t y = first; y < last; ++y) {
      for (std::size_t x = 0; x < mean.columns; ++x) {
        work.data.clear();
        work.variance.clear();
        std::uint32_t flags = 0;
        for (const BackgroundImage& image : images) add_background(image, by_integration, clip, y, x, work, flags);
        work.kept.assign(work.data.size(), 0);
        clip_values(work.data, clip, work.clipped, work.kept);
        mean(y, x) = static_cast<float>(mean_of_kept(work.data, work.kept));
        double variance = 0.0;
        std::size_t count = 0;
        for (std::size_t i = 0; i < work.kept.size(); ++i) {
          if (!work.kept[i]) continue;
          variance += work.variance[i];
          ++count;
        }
        error(y, x) = count > 0 ? static_cast<float>(std::sqrt(variance) / static_cast<double>(count)) : 0.0f;
        dq(y, x) = flags;
      }
    }
  });
}

}  // namespace spec2::bkg_subtract
