#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "core/math/nelder_mead.hpp"
#include "core/math/pairwise_sum.hpp"
#include "datamodels/dq.hpp"
#include "steps/pixel_replace/replaceable_image.hpp"

namespace spec2::pixel_replace {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

/// Rows and columns that hold at least one good pixel, ends excluded.
struct GoodArea {
  std::size_t row_first, row_end, column_first, column_end;
};

std::optional<GoodArea> good_area(View2<const std::uint32_t> dq) {
  GoodArea area{dq.rows, 0, dq.columns, 0};
  for (std::size_t y = 0; y < dq.rows; ++y) {
    for (std::size_t x = 0; x < dq.columns; ++x) {
      if ((dq(y, x) & dq::kDoNotUse) != 0) continue;
      area.row_first = std::min(area.row_first, y);
      area.row_end = std::max(area.row_end, y + 1);
      area.column_first = std::min(area.column_first, x);
      area.column_end = std::max(area.column_end, x + 1);
    }
  }
  if (area.row_end == 0) return std::nullopt;
  return area;
}

/// Median without NaN, in float32; NaN for none.
float nan_median(std::vector<float>& values) {
  values.erase(std::remove_if(values.begin(), values.end(), [](float v) { return std::isnan(v); }), values.end());
  if (values.empty()) return kNaN;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0f;
}

enum class ColumnState { unusable, good, to_replace };

/// Replaces the bad pixels of an image column by column.
class ProfileFitter {
 public:
  ProfileFitter(const ReplaceableImage& image, const GoodArea& area, std::size_t neighbours)
      : image_(image), area_(area), neighbours_(neighbours), rows_(area.row_end - area.row_first) {
    // Flags as they were: what is replaced in one column does not change the profile of the next.
    for (std::size_t y = area.row_first; y < area.row_end; ++y) {
      flags_.insert(flags_.end(), image.dq.row(y), image.dq.row(y) + image.dq.columns);
    }
    for (std::size_t x = 0; x < image.dq.columns; ++x) states_.push_back(state_of(x));
  }

  void run() {
    for (std::size_t x = area_.column_first; x < area_.column_end; ++x) {
      if (states_[x] == ColumnState::to_replace) replace_column(x);
    }
  }

 private:
  std::uint32_t flag(std::size_t i, std::size_t x) const { return flags_[i * image_.dq.columns + x]; }
  bool is_bad(std::size_t i, std::size_t x) const { return (flag(i, x) & dq::kDoNotUse) != 0; }
  std::size_t row(std::size_t i) const { return area_.row_first + i; }

  ColumnState state_of(std::size_t x) const {
    if (x < area_.column_first || x >= area_.column_end) return ColumnState::unusable;
    std::size_t bad = 0, outside = 0;
    for (std::size_t i = 0; i < rows_; ++i) {
      if ((flag(i, x) & dq::kNonScience) != 0) ++outside;
      else if (is_bad(i, x)) ++bad;
    }
    if (bad + outside == rows_) return ColumnState::unusable;
    return bad == 0 ? ColumnState::good : ColumnState::to_replace;
  }

  std::vector<std::size_t> adjacent_columns(std::size_t x) const {
    std::vector<std::size_t> columns;
    const std::size_t first = x > neighbours_ ? x - neighbours_ : 0;
    for (std::size_t k = first; k <= std::min(x + neighbours_, image_.dq.columns - 1); ++k) {
      if (k != x && states_[k] != ColumnState::unusable) columns.push_back(k);
    }
    return columns;
  }

  /// Scale of each neighbouring column: its largest value, or 1 when nothing stands out of the noise.
  std::vector<float> column_scales(const std::vector<std::size_t>& columns) const {
    std::vector<float> scales;
    float best_ratio = kNaN;
    for (const std::size_t x : columns) {
      float largest = kNaN;
      for (std::size_t i = 0; i < rows_; ++i) {
        if (is_bad(i, x)) continue;
        const float value = std::abs(image_.sci(row(i), x));
        const float ratio = std::abs(image_.sci(row(i), x) / image_.err(row(i), x));
        largest = std::fmax(largest, value);
        best_ratio = std::fmax(best_ratio, ratio);
      }
      scales.push_back(largest);
    }
    constexpr float kSignificant = 5.0f;
    if (best_ratio < kSignificant) std::fill(scales.begin(), scales.end(), 1.0f);
    return scales;
  }

  /// Median over the neighbouring columns of the scaled values of a plane; `root` takes variances to errors.
  std::vector<float> median_profile(View2<const float> plane, bool root, const std::vector<std::size_t>& columns,
                                    const std::vector<float>& scales) const {
    std::vector<float> profile(rows_), values;
    for (std::size_t i = 0; i < rows_; ++i) {
      values.clear();
      for (std::size_t k = 0; k < columns.size(); ++k) {
        const float value = plane(row(i), columns[k]);
        values.push_back(is_bad(i, columns[k]) ? kNaN : (root ? std::sqrt(value) : value) / scales[k]);
      }
      profile[i] = nan_median(values);
    }
    return profile;
  }

  void replace_column(std::size_t x);

  const ReplaceableImage& image_;
  const GoodArea area_;
  std::size_t neighbours_;
  std::size_t rows_;
  std::vector<std::uint32_t> flags_;
  std::vector<ColumnState> states_;
};

float nan_max_abs(const std::vector<float>& values) {
  float largest = kNaN;
  for (const float value : values) largest = std::fmax(largest, std::abs(value));
  return largest;
}

/// The factor that brings the median profile to the good pixels of the column (both as absolute values).
float fit_scale(std::vector<float> median, std::vector<float> current, float start) {
  for (float& value : median) value = std::abs(value);
  for (float& value : current) value = std::abs(value);
  std::vector<float> squares(median.size());
  const auto mean_square = [&](float scale) {
    for (std::size_t i = 0; i < squares.size(); ++i) {
      const float difference = current[i] - median[i] * scale;
      squares[i] = std::isnan(difference) ? 0.0f : difference * difference;
    }
    // The peer's sum is float32 and its mean float64; the rounding of either decides which way the simplex goes.
    return static_cast<double>(pairwise_sum(std::span<const float>(squares))) / static_cast<double>(squares.size());
  };
  return nelder_mead_1d<float>(mean_square, start);
}

void ProfileFitter::replace_column(std::size_t x) {
  const std::vector<std::size_t> columns = adjacent_columns(x);
  if (columns.empty()) return;
  const std::vector<float> scales = column_scales(columns);
  const std::vector<float> profile = median_profile(image_.sci, false, columns, scales);
  std::vector<float> median, current;
  float largest = -std::numeric_limits<float>::infinity();
  for (std::size_t i = 0; i < rows_; ++i) {
    const float value = image_.sci(row(i), x);
    if (is_bad(i, x) || std::isnan(value)) continue;
    median.push_back(profile[i]);
    current.push_back(value);
    largest = std::max(largest, value);
  }
  if (current.empty()) return;
  for (float& value : current) value /= largest;
  std::vector<float> all_scales = scales;
  constexpr float kAbsurd = 1e20f;
  float factor = 1.0f, scale = 1.0f;
  if (nan_median(all_scales) != 1.0f && nan_max_abs(median) < kAbsurd && nan_max_abs(current) < kAbsurd) {
    factor = fit_scale(median, current, std::abs(*std::max_element(current.begin(), current.end())));
    scale = largest;
  }
  const std::vector<float> error = median_profile(image_.err, false, columns, scales);
  std::vector<std::vector<float>> deviations;
  for (const View2<float>& variance : image_.variances) {
    deviations.push_back(variance.empty() ? std::vector<float>() : median_profile(variance, true, columns, scales));
  }
  for (std::size_t i = 0; i < rows_; ++i) {
    const std::size_t y = row(i);
    const bool replace = (flag(i, x) & dq::kDoNotUse) != 0 && (flag(i, x) & dq::kNonScience) == 0;
    if (is_bad(i, x) && !replace) image_.sci(y, x) = kNaN;
    if (!replace) continue;
    image_.sci(y, x) = profile[i] * factor * scale;
    image_.err(y, x) = error[i] * factor * scale;
    for (std::size_t v = 0; v < deviations.size(); ++v) {
      if (deviations[v].empty()) continue;
      const float deviation = deviations[v][i] * factor * scale;
      image_.variances[v](y, x) = deviation * deviation;
    }
    if (!std::isnan(image_.sci(y, x))) image_.dq(y, x) = flag(i, x) ^ dq::kDoNotUse ^ dq::kFluxEstimated;
  }
}

}  // namespace

void fit_profile(const ReplaceableImage& image, std::size_t neighbours) {
  const auto area = good_area(image.dq);
  if (!area) return;
  ProfileFitter(image, *area, neighbours).run();
}

}  // namespace spec2::pixel_replace
