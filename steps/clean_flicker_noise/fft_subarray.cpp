#include "steps/clean_flicker_noise/fft_subarray.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/math/sigma_clip.hpp"

namespace spec2::clean_flicker_noise {
namespace {

constexpr std::size_t kSectionPixels = 512;
constexpr double kLeastFraction = 0.05;
constexpr float kOutlierSigma = 4.0f;
constexpr float kDeviationToSigma = 1.4825f;
constexpr Mask kOutlier = 2;  ///< set beside the use bit while neighbours are looked for

/// Rows [first, first + count) of the detector frame.
struct Section {
  std::size_t first, count;
  bool fitted;
};

void mask_outliers(View2<const float> data, View2<Mask> mask, std::span<double> values) {
  std::size_t count = 0;
  const auto each = [&](auto&& work) {
    for (std::size_t i = 0; i < data.size(); ++i) work(data.data[i], mask.data[i]);
  };
  each([&](float value, Mask use) { if (use) values[count++] = value; });
  if (count == 0) return;
  const auto median = static_cast<float>(median_of(values.first(count)));
  count = 0;
  each([&](float value, Mask use) { if (use) values[count++] = std::abs(value - median); });
  const float limit = kOutlierSigma * (kDeviationToSigma * static_cast<float>(median_of(values.first(count))));
  each([&](float value, Mask& use) { if (use && std::abs(value - median) > limit) use |= kOutlier; });
  for (std::size_t y = 0; y < data.rows; ++y) {
    for (std::size_t x = 0; x < data.columns; ++x) {
      const auto is_outlier = [&](std::size_t row, std::size_t column) { return (mask.row(row)[column] & kOutlier) != 0; };
      const bool near = is_outlier(y, x) || (y > 0 && is_outlier(y - 1, x)) || (y + 1 < data.rows && is_outlier(y + 1, x)) ||
                        (x > 0 && is_outlier(y, x - 1)) || (x + 1 < data.columns && is_outlier(y, x + 1));
      if (near) mask.row(y)[x] &= static_cast<Mask>(~1u);
    }
  }
  each([](float, Mask& use) { use &= 1; });
}

/// Background pixels before each row, and their total at the end.
std::vector<std::size_t> running_counts(View2<const Mask> mask) {
  std::vector<std::size_t> before(mask.rows + 1, 0);
  for (std::size_t y = 0; y < mask.rows; ++y) {
    before[y + 1] = before[y];
    for (std::size_t x = 0; x < mask.columns; ++x) before[y + 1] += mask.row(y)[x];
  }
  return before;
}

std::vector<Section> sections_of(const std::vector<std::size_t>& before, std::size_t columns) {
  std::vector<Section> sections;
  const std::size_t rows = before.size() - 1;
  const auto used = [&](std::size_t row) { return before[row + 1] > before[row]; };
  std::size_t first = 0, last = rows - 1;
  while (!used(first)) ++first;
  while (!used(last)) --last;
  while (first <= last) {
    std::size_t end = last + 1;
    // With less than one and a half sections left the last one takes all.
    if (2 * (before[rows] - before[first]) > 3 * kSectionPixels) {
      end = first + 1;
      while (end < last + 1 && before[end] - before[first] <= kSectionPixels) ++end;
    }
    const std::size_t count = end - first;
    const double fraction = static_cast<double>(before[end] - before[first]) / static_cast<double>(count * columns);
    sections.push_back({first, count, fraction > kLeastFraction});
    if (end == last + 1) break;
    const auto half = static_cast<std::size_t>(std::nearbyint(static_cast<double>(count) / 2.0));
    first += std::max<std::size_t>(half, 1);
  }
  return sections;
}

void blend(const Section& section, const std::vector<float>& model, View2<double> noise, View2<double> weight) {
  const double step = section.count > 1 ? 2.0 / static_cast<double>(section.count - 1) : 0.0;
  for (std::size_t i = 0; i < section.count; ++i) {
    const double place = i + 1 == section.count && i > 0 ? 1.0 : static_cast<double>(i) * step - 1.0;
    const double share = 1.001 - std::abs(place);
    double* const sum = noise.row(section.first + i);
    double* const total = weight.row(section.first + i);
    for (std::size_t x = 0; x < noise.columns; ++x) {
      if (section.fitted) sum[x] += share * static_cast<double>(model[i * noise.columns + x]);
      total[x] += share;
    }
  }
}

}  // namespace

FitOutcome fit_subarray_noise(View2<const float> image, View2<const Mask> mask, Detector detector, const FrequencyBand& band,
                              View2<double> noise, const SubarrayScratch& scratch, const Parallel& parallel) {
  to_detector(detector, image, scratch.data);
  to_detector(detector, mask, scratch.mask);
  mask_outliers(scratch.data, scratch.mask, scratch.values);
  const std::vector<std::size_t> before = running_counts(scratch.mask);
  if (before.back() == 0) return FitOutcome::no_background;
  const std::vector<Section> sections = sections_of(before, noise.columns);
  std::fill_n(noise.data, noise.size(), 0.0);
  std::fill_n(scratch.weight.data, scratch.weight.size(), 0.0);
  // Sections are fitted in batches and added in order, so that the sums do not depend on the number of threads.
  const std::size_t batch = 4 * parallel.threads();
  std::vector<std::vector<float>> models(batch);
  std::vector<char> solved(batch);
  for (std::size_t begin = 0; begin < sections.size(); begin += batch) {
    const std::size_t count = std::min(batch, sections.size() - begin);
    parallel.for_each(count, [&](std::size_t i) {
      const Section& section = sections[begin + i];
      solved[i] = 1;
      if (!section.fitted) return;
      models[i].resize(section.count * noise.columns);
      solved[i] = fit_section(scratch.data.part(section.first, 0, section.count, noise.columns),
                              scratch.mask.part(section.first, 0, section.count, noise.columns), band,
                              View2<float>(models[i].data(), section.count, noise.columns));
    });
    for (std::size_t i = 0; i < count; ++i) {
      if (!solved[i]) return FitOutcome::singular;
      blend(sections[begin + i], models[i], noise, scratch.weight);
    }
  }
  for (std::size_t i = 0; i < noise.size(); ++i) {
    if (noise.data[i] != 0.0) noise.data[i] /= scratch.weight.data[i];
  }
  return FitOutcome::done;
}

}  // namespace spec2::clean_flicker_noise
