#include "steps/pixel_replace/trace_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <set>
#include <tuple>

#include "core/math/interpolation.hpp"
#include "core/math/least_squares_spline.hpp"
#include "core/math/sigma_clip.hpp"
#include "datamodels/dq.hpp"
#include "steps/pixel_replace/trace_profile.hpp"

namespace spec2::pixel_replace {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

/// The spline of a column, the factor that brings it to the column, and the positions it was fitted to.
struct ColumnTrace {
  std::shared_ptr<const CubicSpline> spline;
  double scale = 0.0;
  float low = 0.0f, high = 0.0f;
};

/// Breakpoints in equal steps between the outermost points; the step is float32 as the peer has it: their number hangs on the
/// rounding.
std::vector<double> spline_knots(const std::vector<float>& x, std::size_t breakpoints) {
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  const float step = (*high - *low) / static_cast<float>(breakpoints);
  std::vector<double> knots(4, x.front());
  for (const double knot : float_range(*low + step / 2.0f, *high - step / 2.0f, step)) knots.push_back(knot);
  knots.insert(knots.end(), 4, x.back());
  return knots;
}

template <class Keep>
void keep_points(std::vector<float>& x, std::vector<float>& y, Keep&& keep) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!keep(i)) continue;
    x[kept] = x[i];
    y[kept++] = y[i];
  }
  x.resize(kept);
  y.resize(kept);
}

/// Spline through points sorted by x, with rejection of outliers. Source: adaptive_trace_model.bspline.bspline_fit.
std::optional<CubicSpline> fit_spline(std::vector<float> x, std::vector<float> y, std::size_t breakpoints,
                                      const TraceSettings& settings) {
  constexpr std::size_t kWidestIgnored = 9;
  if (x.size() <= kWidestIgnored) return std::nullopt;
  std::vector<double> spacing(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    spacing[i] = std::abs(static_cast<double>(x[i]) - (i == 0 ? 0.0 : static_cast<double>(x[i - 1])));
  }
  std::vector<double> work = spacing;
  const ClippedStatistics statistics = sigma_clipped_statistics(work);
  // Points far from their neighbours may leave breakpoints without data.
  if (std::isfinite(statistics.deviation)) {
    keep_points(x, y, [&](std::size_t i) { return spacing[i] <= statistics.mean + 5.0 * statistics.deviation; });
  }
  if (x.empty()) return std::nullopt;
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  const float step = (*high - *low) / static_cast<float>(breakpoints);
  std::nth_element(spacing.begin(), spacing.begin() + kWidestIgnored, spacing.end(), std::greater<>());
  if (spacing[kWidestIgnored] > static_cast<float>(settings.space_ratio) * step) return std::nullopt;
  const auto enough = 0.8 * static_cast<double>(x.size());
  std::optional<CubicSpline> last;
  std::vector<double> difference;
  for (std::size_t round = 0; round < settings.rounds; ++round) {
    const std::vector<double> points(x.begin(), x.end()), values(y.begin(), y.end());
    std::optional<CubicSpline> fitted = fit_cubic_spline(points, values, spline_knots(x, breakpoints));
    if (!fitted) return last;
    last = std::move(fitted);
    if (round + 1 == settings.rounds) break;
    difference.resize(x.size());
    double mean = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) mean += difference[i] = values[i] - (*last)(points[i]);
    mean /= static_cast<double>(x.size());
    double squares = 0.0;
    for (const double value : difference) squares += (value - mean) * (value - mean);
    const double limit = settings.clip * std::sqrt(squares / static_cast<double>(x.size()));
    const auto inside = [&](std::size_t i) { return !(difference[i] < -limit || difference[i] > limit); };
    std::size_t kept = 0;
    for (std::size_t i = 0; i < x.size(); ++i) kept += inside(i) ? 1 : 0;
    if (static_cast<double>(kept) < enough || kept == x.size()) break;
    keep_points(x, y, inside);
  }
  return last;
}

/// Mean ratio of data to model, weighted by the model, without the outliers of its five brightest points.
double column_scale(const std::vector<float>& flux, const std::vector<double>& model) {
  const std::size_t count = flux.size();
  std::vector<double> ratio(count), weight(count);
  for (std::size_t i = 0; i < count; ++i) {
    ratio[i] = flux[i] / model[i];
    weight[i] = !std::isfinite(ratio[i]) || ratio[i] < 0.0 || model[i] < 0.0 ? 0.0 : model[i];
  }
  std::vector<double> sorted = weight;
  std::sort(sorted.begin(), sorted.end());
  const double fifth = sorted[count >= 5 ? count - 5 : 0];
  std::vector<double> brightest;
  for (std::size_t i = 0; i < count; ++i) {
    if (weight[i] >= fifth && std::isfinite(ratio[i])) brightest.push_back(ratio[i]);
  }
  const ClippedStatistics statistics = sigma_clipped_statistics(brightest);
  double sum = 0.0, weights = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    if (std::abs(statistics.mean - ratio[i]) > 2.0 * statistics.deviation) weight[i] = 0.0;
    weights += std::isnan(weight[i]) ? 0.0 : weight[i];
  }
  for (std::size_t i = 0; i < count; ++i) {
    const double term = ratio[i] * (weight[i] / weights);
    sum += std::isnan(term) ? 0.0 : term;
  }
  return sum;
}

/// Splines of all columns of a slit. Source: adaptive_trace_model.trace_model.fit_2d_spline_trace.
class TraceFitter {
 public:
  TraceFitter(const TraceSlit& slit, const std::vector<float>& column_sum, const TraceSettings& settings)
      : slit_(slit), settings_(settings), scaled_(slit.flux.size()) {
    for (std::size_t i = 0; i < scaled_.size(); ++i) scaled_[i] = slit.flux[i] / column_sum[i % slit.columns];
    float low = std::numeric_limits<float>::infinity(), high = -low;
    for (const float value : slit.position) {
      if (std::isnan(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    const float pixels = (high - low) / position_step(slit);
    breakpoints_ = static_cast<std::size_t>(static_cast<float>(settings.breakpoints_per_pixel) * pixels);
    least_good_ = static_cast<std::size_t>(static_cast<float>(settings.good_per_pixel) * pixels);
  }

  std::vector<ColumnTrace> run() {
    std::vector<ColumnTrace> traces(slit_.columns);
    for (std::size_t n = 0; n < slit_.columns; ++n) {
      const std::size_t x = settings_.from_right ? slit_.columns - 1 - n : n;
      std::size_t good = 0;
      for (std::size_t y = 0; y < slit_.rows; ++y) good += std::isfinite(flux(y, x)) && std::isfinite(position(y, x)) ? 1 : 0;
      if (good <= least_good_) continue;
      fit_around(x);
      if (!last_.spline) continue;
      traces[x] = last_;
      traces[x].scale = scale_of(x);
    }
    return traces;
  }

 private:
  float flux(std::size_t y, std::size_t x) const { return slit_.flux[y * slit_.columns + x]; }
  float position(std::size_t y, std::size_t x) const { return slit_.position[y * slit_.columns + x]; }

  /// The spline of the columns around x; that of the column before when there is none.
  void fit_around(std::size_t x) {
    const std::size_t first = x > settings_.range ? x - settings_.range : 0, end = std::min(x + settings_.range, slit_.columns);
    points_.clear();
    for (std::size_t y = 0; y < slit_.rows; ++y) {
      for (std::size_t k = first; k < end; ++k) {
        const float value = scaled_[y * slit_.columns + k];
        if (std::isfinite(position(y, k)) && std::isfinite(value)) points_.emplace_back(position(y, k), value);
      }
    }
    if (points_.empty()) return;
    std::stable_sort(points_.begin(), points_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<float> at(points_.size()), values(points_.size());
    for (std::size_t i = 0; i < points_.size(); ++i) std::tie(at[i], values[i]) = points_[i];
    std::optional<CubicSpline> fitted = fit_spline(at, values, breakpoints_, settings_);
    // The first fit gets a second chance with fewer breakpoints.
    if (!fitted && !last_.spline && breakpoints_ > 3) fitted = fit_spline(at, values, breakpoints_ - 3, settings_);
    if (fitted) last_ = {std::make_shared<const CubicSpline>(*std::move(fitted)), 0.0, at.front(), at.back()};
  }

  double scale_of(std::size_t x) const {
    std::vector<float> values;
    std::vector<double> model;
    for (std::size_t y = 0; y < slit_.rows; ++y) {
      const float at = position(y, x);
      if (!std::isfinite(at) || at < last_.low || at > last_.high) continue;
      values.push_back(flux(y, x));
      model.push_back((*last_.spline)(at));
    }
    return values.empty() ? 0.0 : column_scale(values, model);
  }

  const TraceSlit& slit_;
  const TraceSettings& settings_;
  std::vector<float> scaled_;
  std::size_t breakpoints_ = 0, least_good_ = 0;
  ColumnTrace last_;
  std::vector<std::pair<float, float>> points_;
};

/// The splines on the pixels, where they show a compact source. Source: adaptive_trace_model.trace_model._trace_image.
std::vector<float> trace_image(const TraceSlit& slit, const std::vector<ColumnTrace>& traces, const TraceSettings& settings) {
  std::vector<float> image(slit.position.size(), kNaN), steep;
  std::size_t breakpoints = 0;
  std::vector<std::size_t> rows;
  std::vector<double> model;
  for (std::size_t x = 0; x < slit.columns; ++x) {
    const ColumnTrace& trace = traces[x];
    if (!trace.spline) continue;
    rows.clear();
    model.clear();
    for (std::size_t y = 0; y < slit.rows; ++y) {
      const float at = slit.position[y * slit.columns + x];
      if (!(at >= trace.low && at <= trace.high)) continue;
      rows.push_back(y);
      model.push_back((*trace.spline)(at));
    }
    if (breakpoints == 0) breakpoints = std::set<double>(trace.spline->knots().begin(), trace.spline->knots().end()).size() - 1;
    // The ends of a spline are left out, and so is the slope next to them.
    for (std::size_t i = 1; i + 1 < rows.size(); ++i) {
      const std::size_t pixel = rows[i] * slit.columns + x;
      image[pixel] = static_cast<float>(trace.scale * model[i]);
      if (i > 1 && std::abs(model[i] - model[i - 1]) > settings.slope_limit) steep.push_back(slit.position[pixel]);
    }
  }
  const std::vector<char> compact = compact_pixels(slit, steep, breakpoints, settings.pad);
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = compact[i] ? image[i] : kNaN;
  return image;
}

std::vector<float> column_sums(const TraceSlit& slit, bool positive_only) {
  std::vector<float> sums(slit.columns, 0.0f);
  for (std::size_t i = 0; i < slit.flux.size(); ++i) {
    const float value = slit.flux[i];
    if (!std::isnan(value) && (!positive_only || value > 0.0f)) sums[i % slit.columns] += value;
  }
  return sums;
}

double largest_of(const std::vector<double>& values) {
  double largest = kNaN;
  for (const double value : values) largest = std::fmax(largest, value);
  return largest;
}

}  // namespace

TraceSettings TraceSettings::of(const std::string& detector, const std::string& grating) {
  TraceSettings settings;
  if (grating == "PRISM") {
    settings.range = 10;
    settings.breakpoints_per_pixel = 1.0;
    settings.good_per_pixel = 0.25;
  }
  settings.from_right = detector != "NRS1";
  return settings;
}

std::vector<float> slit_positions(const wcs::Arena& arena, const wcs::Wcs& slit_wcs, std::size_t rows, std::size_t columns) {
  std::vector<double> position(rows * columns);
  wcs::Scratch scratch;
  const std::array<View2<double>, 3> out = {View2<double>(), View2<double>(position.data(), rows, columns), View2<double>()};
  wcs::Mapper::between(arena, slit_wcs, "detector", "slit_frame").grid(scratch, 0.0, 0.0, columns, rows, out);
  std::vector<float> rising(position.size());
  std::transform(position.begin(), position.end(), rising.begin(), [](double value) { return static_cast<float>(-value); });
  return rising;
}

std::vector<float> trace_model(View2<const float> flux, View2<const float> error, const std::vector<float>& position,
                               const TraceSettings& settings) {
  TraceSlit slit{flux.rows, flux.columns, std::vector<float>(position.size()), std::vector<float>(position.size()), position};
  std::vector<double> values;
  for (std::size_t i = 0; i < position.size(); ++i) {
    if (std::isfinite(position[i]) && std::isfinite(flux.data[i])) values.push_back(flux.data[i]);
  }
  const auto overall = static_cast<float>(sigma_clipped_statistics(values).mean);
  // A negative level would turn the normalised profiles over.
  const float level = overall < 0.0f ? overall : 0.0f;
  for (std::size_t i = 0; i < position.size(); ++i) {
    const bool inside = std::isfinite(position[i]);
    slit.flux[i] = inside ? (level < 0.0f ? flux.data[i] - level : flux.data[i]) : kNaN;
    slit.error[i] = inside ? error.data[i] : kNaN;
  }
  std::vector<float> nothing(position.size(), kNaN);
  auto profile = cross_profile(slit);
  if (!profile || !(largest_of(profile->snr) > settings.snr_threshold)) return nothing;
  trim_edges(slit, *profile);
  profile = cross_profile(slit);
  if (!profile || !(largest_of(profile->snr) > settings.snr_threshold)) return nothing;
  // Beside a negative image of a nod the positive light alone is what the column holds.
  constexpr double kNegativeNod = -5.0;
  const bool negative = std::any_of(profile->snr.begin(), profile->snr.end(), [](double value) { return value < kNegativeNod; });
  const std::vector<ColumnTrace> traces = TraceFitter(slit, column_sums(slit, negative), settings).run();
  std::vector<float> image = trace_image(slit, traces, settings);
  if (level < 0.0f) {
    for (float& value : image) value += level;
  }
  return image;
}

void median_image(View3<const float> stack, View2<float> median) {
  std::vector<float> values;
  for (std::size_t y = 0; y < median.rows; ++y) {
    for (std::size_t x = 0; x < median.columns; ++x) {
      values.clear();
      for (std::size_t n = 0; n < stack.count; ++n) values.push_back(stack[n](y, x));
      median(y, x) = float_median(values);
    }
  }
}

void replace_by_trace(const ReplaceableImage& image, View2<const float> trace) {
  const std::size_t rows = image.sci.rows, columns = image.sci.columns;
  std::vector<std::size_t> replaced;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (!std::isfinite(image.sci.data[i]) && std::isfinite(trace.data[i])) replaced.push_back(i);
  }
  if (replaced.empty()) return;
  for (const std::size_t i : replaced) {
    image.sci.data[i] = trace.data[i];
    image.dq.data[i] = (image.dq.data[i] & ~dq::kDoNotUse) | dq::kFluxEstimated;
  }
  const auto interpolate_rows = [&](View2<float> plane, bool is_variance) {
    if (plane.empty()) return;
    if (is_variance) {
      for (std::size_t i = 0; i < rows * columns; ++i) plane.data[i] = std::sqrt(plane.data[i]);
    }
    for (const std::size_t i : replaced) plane.data[i] = kNaN;
    std::vector<double> at, values;
    for (std::size_t n = 0; n < replaced.size();) {
      const std::size_t y = replaced[n] / columns;
      at.clear();
      values.clear();
      for (std::size_t x = 0; x < columns; ++x) {
        if (!std::isfinite(plane(y, x))) continue;
        at.push_back(static_cast<double>(x));
        values.push_back(plane(y, x));
      }
      std::size_t hint = 0;
      for (; n < replaced.size() && replaced[n] / columns == y; ++n) {
        if (!at.empty()) {
          plane.data[replaced[n]] = static_cast<float>(interpolate(at, values, static_cast<double>(replaced[n] % columns), hint));
        }
      }
    }
    if (is_variance) {
      for (std::size_t i = 0; i < rows * columns; ++i) plane.data[i] *= plane.data[i];
    }
  };
  interpolate_rows(image.err, false);
  for (const View2<float>& variance : image.variances) interpolate_rows(variance, true);
}

}  // namespace spec2::pixel_replace
