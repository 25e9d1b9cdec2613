#include "steps/pixel_replace/trace_profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/math/sigma_clip.hpp"

namespace spec2::pixel_replace {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

/// Counts of `values` in equal bins over [-reach, reach], over the width of the bin; float32 edges decide as in numpy.histogram.
std::vector<double> densities(const std::vector<float>& values, float reach, std::size_t bins) {
  std::vector<float> edges(bins + 1);
  const float width = (reach - -reach) / static_cast<float>(bins);
  for (std::size_t i = 0; i < bins; ++i) edges[i] = static_cast<float>(i) * width - reach;
  edges[bins] = reach;
  std::vector<double> counts(bins, 0.0);
  for (const float value : values) {
    if (!(value >= edges.front() && value <= edges.back())) continue;
    auto bin = static_cast<std::ptrdiff_t>(std::upper_bound(edges.begin(), edges.end(), value) - edges.begin()) - 1;
    bin = std::clamp<std::ptrdiff_t>(bin, 0, static_cast<std::ptrdiff_t>(bins) - 1);
    counts[static_cast<std::size_t>(bin)] += 1.0;
  }
  for (std::size_t i = 0; i < bins; ++i) counts[i] /= static_cast<double>(edges[i + 1] - edges[i]);
  return counts;
}

/// Local maxima of at least `height`; of a plateau the middle. Ends are none.
std::vector<std::size_t> peaks(const std::vector<double>& values, double height) {
  std::vector<std::size_t> found;
  for (std::size_t i = 1; i + 1 < values.size(); ++i) {
    if (!(values[i - 1] < values[i])) continue;
    std::size_t ahead = i + 1;
    while (ahead + 1 < values.size() && values[ahead] == values[i]) ++ahead;
    if (values[ahead] < values[i]) {
      const std::size_t middle = (i + ahead - 1) / 2;
      if (values[middle] >= height) found.push_back(middle);
      i = ahead - 1;
    }
  }
  return found;
}

}  // namespace

std::vector<double> float_range(float start, float stop, float step) {
  const float span = (stop - start) / step;
  if (!(span > 0.0f)) return {};
  const auto count = static_cast<std::size_t>(std::ceil(static_cast<double>(span)));
  const float second = start + step;
  const double delta = static_cast<double>(second) - static_cast<double>(start);
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<double>(start) + static_cast<double>(i) * delta;
  return values;
}

float float_median(std::vector<float>& values) {
  values.erase(std::remove_if(values.begin(), values.end(), [](float v) { return std::isnan(v); }), values.end());
  if (values.empty()) return kNaN;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2.0f;
}

float position_step(const TraceSlit& slit) {
  std::vector<float> steps;
  steps.reserve(slit.position.size());
  for (std::size_t i = 0; i + slit.columns < slit.position.size(); ++i) {
    steps.push_back(slit.position[i + slit.columns] - slit.position[i]);
  }
  return std::abs(float_median(steps));
}

std::optional<CrossProfile> cross_profile(const TraceSlit& slit) {
  float low = std::numeric_limits<float>::infinity(), high = -low;
  bool any = false;
  for (std::size_t i = 0; i < slit.flux.size(); ++i) {
    if (!std::isnan(slit.position[i])) {
      low = std::min(low, slit.position[i]);
      high = std::max(high, slit.position[i]);
    }
    any = any || (std::isfinite(slit.flux[i]) && std::isfinite(slit.error[i]) && std::isfinite(slit.position[i]) &&
                  slit.error[i] > 0.0f);
  }
  if (!any) return std::nullopt;
  const float step = position_step(slit) / 2.0f;
  CrossProfile profile;
  profile.position = float_range(low, high, step);
  const std::size_t bins = profile.position.size();
  std::vector<std::vector<float>> flux(bins), error(bins), snr(bins);
  for (std::size_t i = 0; i < slit.flux.size(); ++i) {
    const bool valid =
        std::isfinite(slit.flux[i]) && std::isfinite(slit.error[i]) && std::isfinite(slit.position[i]) && slit.error[i] > 0.0f;
    if (!valid) continue;
    const float ratio = slit.flux[i] / slit.error[i];
    if (!std::isfinite(ratio)) continue;
    // Rounding may let neighbouring bins overlap or leave a gap: each is asked.
    const auto near = static_cast<std::ptrdiff_t>(std::lround((slit.position[i] - low) / step));
    for (std::ptrdiff_t k = std::max<std::ptrdiff_t>(near - 1, 0); k <= std::min(near + 1, static_cast<std::ptrdiff_t>(bins) - 1);
         ++k) {
      const auto bin = static_cast<std::size_t>(k);
      const double center = profile.position[bin];
      if (!(slit.position[i] >= center - step / 2.0f && slit.position[i] < center + step / 2.0f)) continue;
      flux[bin].push_back(slit.flux[i]);
      error[bin].push_back(slit.error[i]);
      snr[bin].push_back(ratio);
    }
  }
  for (std::size_t k = 0; k < bins; ++k) {
    profile.flux.push_back(float_median(flux[k]));
    profile.error.push_back(float_median(error[k]));
    profile.snr.push_back(float_median(snr[k]));
  }
  return profile;
}

void trim_edges(TraceSlit& slit, const CrossProfile& profile) {
  std::vector<double> errors;
  for (std::size_t k = 0; k < profile.snr.size(); ++k) {
    if (std::isfinite(profile.snr[k]) && std::isfinite(profile.error[k])) errors.push_back(profile.error[k]);
  }
  if (errors.empty()) return;
  const ClippedStatistics statistics = sigma_clipped_statistics(errors);
  const double limit = statistics.mean + 5.0 * statistics.deviation;
  double below = -std::numeric_limits<double>::infinity(), above = std::numeric_limits<double>::infinity();
  std::size_t count = 0;
  for (std::size_t k = 0; k < profile.snr.size(); ++k) {
    if (!(std::abs(profile.snr[k]) < 5.0 && profile.error[k] > limit)) continue;
    ++count;
    if (profile.position[k] < 0.0) below = std::max(below, profile.position[k]);
    if (profile.position[k] > 0.0) above = std::min(above, profile.position[k]);
  }
  if (count == 0 || count == profile.snr.size()) return;
  for (std::size_t i = 0; i < slit.flux.size(); ++i) {
    if (slit.position[i] <= below || slit.position[i] >= above) slit.flux[i] = kNaN;
  }
}

std::vector<char> compact_pixels(const TraceSlit& slit, const std::vector<float>& steep, std::size_t breakpoints, double pad) {
  std::vector<char> compact(slit.position.size(), 0);
  constexpr std::size_t kLeastSteep = 50;
  if (steep.size() < kLeastSteep || breakpoints == 0) return compact;
  const float step = position_step(slit);
  const float reach = step * static_cast<float>(breakpoints) / 4.0f;
  std::vector<double> density = densities(steep, reach, breakpoints);
  const double largest = *std::max_element(density.begin(), density.end());
  for (double& value : density) value /= largest;
  constexpr double kLeastHeight = 0.2;
  for (const std::size_t peak : peaks(density, kLeastHeight)) {
    const double center = static_cast<double>(peak) * step / 2.0 - reach;
    for (std::size_t i = 0; i < compact.size(); ++i) {
      if (slit.position[i] > center - pad * step && slit.position[i] <= center + pad * step) compact[i] = 1;
    }
  }
  return compact;
}

}  // namespace spec2::pixel_replace
