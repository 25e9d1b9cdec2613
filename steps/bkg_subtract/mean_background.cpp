#include "steps/bkg_subtract/mean_background.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/math/sigma_clip.hpp"
#include "core/processor_clones.hpp"

namespace spec2::bkg_subtract {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The row of the views that lies under row `y` of the science image.
std::size_t view_row(const BackgroundImage& image, std::size_t y) { return image.first_row + y - image.view_row; }

/// Marks the values that stay; the others are NaN, infinite or clipped.
void clip_values(const std::vector<double>& values, const ClipSettings& clip, std::vector<double>& work,
                 std::vector<char>& kept) {
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

/// Room for one pixel's values, reused over all pixels of a row.
struct Work {
  std::vector<double> data, variance, series, clipped;
  std::vector<char> kept;
};

/// Value and variance of one background at a pixel; the mean of its clipped integrations for stacks.
void add_background(const BackgroundImage& image, bool by_integration, const ClipSettings& clip, std::size_t y, std::size_t x,
                    Work& work, std::uint32_t& flags) {
  if (y >= image.rows || x >= image.columns) {
    // The mean of a stack without values is 0, not NaN.
    const double missing = by_integration && image.rows > 0 ? 0.0 : kNaN;
    work.data.push_back(missing);
    work.variance.push_back(missing);
    return;
  }
  const std::size_t row = view_row(image, y), column = image.first_column + x;
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

/// Among `count` values none lies further from the median than sqrt(count - 1) + 1 standard deviations: the mean lies within one
/// of the median, each value within sqrt(count - 1) of the mean. Up to there clipping keeps all finite values, and no median is
/// needed. The margin is far above the rounding of float64 sums of float32 values.
bool clips_nothing(std::size_t count, const ClipSettings& clip) {
  return count < 2 || clip.sigma > std::sqrt(static_cast<double>(count - 1)) + 1.0 + 1e-6;
}

/// The row when every finite value is kept; the sums go over the backgrounds in their order, as for clipped values.
SPEC2_CLONES void average_all(std::span<const BackgroundImage> images, std::size_t y, MeanRow& row) {
  const std::size_t columns = row.mean.size();
  double* const __restrict data = row.sum.data();
  double* const __restrict variance = row.sum_of_variances.data();
  double* const __restrict count = row.count.data();
  std::uint32_t* const __restrict dq = row.dq.data();
  std::fill_n(data, columns, 0.0);
  std::fill_n(variance, columns, 0.0);
  std::fill_n(count, columns, 0.0);
  std::fill_n(dq, columns, 0u);
  for (const BackgroundImage& image : images) {
    if (y >= image.rows) continue;
    const std::size_t seen = view_row(image, y);
    const float* const values = image.sci[0].row(seen) + image.first_column;
    const float* const errors = image.err[0].row(seen) + image.first_column;
    const std::uint32_t* const flags = image.dq[0].row(seen) + image.first_column;
    const std::size_t shared = std::min(columns, image.columns);
    for (std::size_t x = 0; x < shared; ++x) {
      const bool is_finite = std::fabs(values[x]) <= std::numeric_limits<float>::max();
      data[x] += is_finite ? static_cast<double>(values[x]) : 0.0;
      variance[x] += is_finite ? static_cast<double>(errors[x] * errors[x]) : 0.0;
      count[x] += is_finite ? 1.0 : 0.0;
    }
    for (std::size_t x = 0; x < shared; ++x) dq[x] |= flags[x];
  }
  for (std::size_t x = 0; x < columns; ++x) {
    const double divisor = count[x] > 0.0 ? count[x] : 1.0;
    row.mean[x] = static_cast<float>(data[x] / divisor);
    row.error[x] = static_cast<float>(std::sqrt(variance[x]) / divisor);
  }
}

void average_kept(const Backgrounds& backgrounds, std::size_t y, MeanRow& row) {
  Work work;
  for (std::size_t x = 0; x < row.mean.size(); ++x) {
    work.data.clear();
    work.variance.clear();
    std::uint32_t flags = 0;
    for (const BackgroundImage& image : backgrounds.images) {
      add_background(image, backgrounds.by_integration, backgrounds.clip, y, x, work, flags);
    }
    work.kept.assign(work.data.size(), 0);
    clip_values(work.data, backgrounds.clip, work.clipped, work.kept);
    row.mean[x] = static_cast<float>(mean_of_kept(work.data, work.kept));
    double variance = 0.0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < work.kept.size(); ++i) {
      if (!work.kept[i]) continue;
      variance += work.variance[i];
      ++count;
    }
    row.error[x] = count > 0 ? static_cast<float>(std::sqrt(variance) / static_cast<double>(count)) : 0.0f;
    row.dq[x] = flags;
  }
}

}  // namespace

MeanRow::MeanRow(std::size_t columns)
    : mean(columns), error(columns), dq(columns), sum(columns), sum_of_variances(columns), count(columns) {}

void make_mean_row(const Backgrounds& backgrounds, std::size_t y, MeanRow& row) {
  if (!backgrounds.by_integration && clips_nothing(backgrounds.images.size(), backgrounds.clip)) {
    average_all(backgrounds.images, y, row);
  } else {
    average_kept(backgrounds, y, row);
  }
}

}  // namespace spec2::bkg_subtract
