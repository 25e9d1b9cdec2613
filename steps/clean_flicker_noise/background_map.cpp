#include "steps/clean_flicker_noise/background_map.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "core/math/nearest_neighbours.hpp"
#include "core/math/sigma_clip.hpp"
#include "core/math/spline_zoom.hpp"

namespace spec2::clean_flicker_noise {
namespace {

constexpr std::size_t kLargestDefaultBox = 32;
constexpr double kLeastGoodFraction = 0.9;
constexpr double kSigma = 3.0;
constexpr std::size_t kClipRounds = 5;
constexpr std::size_t kNeighbours = 10;
constexpr std::ptrdiff_t kFilterReach = 2;

struct Mesh {
  std::size_t rows, columns;
  std::vector<float> values;  ///< NaN: too few good pixels
  float& at(std::size_t y, std::size_t x) { return values[y * columns + x]; }
  float at(std::size_t y, std::size_t x) const { return values[y * columns + x]; }
};

/// Median of the pixels of a box that are used and survive clipping; NaN when they are too few.
float box_median(View2<const float> image, View2<const Mask> mask, std::size_t needed, std::vector<double>& values) {
  values.clear();
  for (std::size_t y = 0; y < image.rows; ++y) {
    for (std::size_t x = 0; x < image.columns; ++x) {
      if (mask(y, x) && std::isfinite(image(y, x))) values.push_back(image(y, x));
    }
  }
  if (values.empty()) return std::numeric_limits<float>::quiet_NaN();
  const ClipBounds bounds = sigma_clip_bounds(values, kSigma, kSigma, kClipRounds);
  std::erase_if(values, [&](double value) { return value < bounds.low || value > bounds.high; });
  if (values.size() <= needed) return std::numeric_limits<float>::quiet_NaN();
  return static_cast<float>(median_of(values));
}

Mesh box_medians(View2<const float> image, View2<const Mask> mask, std::array<std::size_t, 2> box) {
  Mesh mesh{(image.rows + box[0] - 1) / box[0], (image.columns + box[1] - 1) / box[1], {}};
  mesh.values.resize(mesh.rows * mesh.columns);
  const auto needed = static_cast<std::size_t>(std::floor(kLeastGoodFraction * static_cast<double>(box[0] * box[1])));
  std::vector<double> values;
  for (std::size_t y = 0; y < mesh.rows; ++y) {
    for (std::size_t x = 0; x < mesh.columns; ++x) {
      const std::size_t rows = std::min(box[0], image.rows - y * box[0]), columns = std::min(box[1], image.columns - x * box[1]);
      mesh.at(y, x) = box_median(image.part(y * box[0], x * box[1], rows, columns),
                                 mask.part(y * box[0], x * box[1], rows, columns), needed, values);
    }
  }
  return mesh;
}

/// Fills boxes without a value by the mean of their nearest ones with the reciprocal distance as weight.
void fill_empty(Mesh& mesh) {
  const auto place = [&](std::size_t i) {
    const std::size_t row = i / mesh.columns, column = i % mesh.columns;
    return GridPoint{static_cast<double>(row), static_cast<double>(column)};
  };
  std::vector<GridPoint> places;
  std::vector<float> known;
  for (std::size_t i = 0; i < mesh.values.size(); ++i) {
    if (std::isnan(mesh.values[i])) continue;
    places.push_back(place(i));
    known.push_back(mesh.values[i]);
  }
  if (known.size() == mesh.values.size()) return;
  const NearestNeighbours tree(std::move(places));
  for (std::size_t i = 0; i < mesh.values.size(); ++i) {
    if (!std::isnan(mesh.values[i])) continue;
    double sum = 0.0, weights = 0.0;
    for (const Neighbour& near : tree.find(place(i), kNeighbours)) {
      const double weight = 1.0 / std::sqrt(near.squared_distance);
      sum += weight * known[near.index];
      weights += weight;
    }
    mesh.values[i] = static_cast<float>(sum / weights);
  }
}

/// Median over the boxes about each one, those outside left out.
Mesh median_filtered(const Mesh& mesh) {
  Mesh result = mesh;
  std::vector<double> window;
  const auto rows = static_cast<std::ptrdiff_t>(mesh.rows), columns = static_cast<std::ptrdiff_t>(mesh.columns);
  for (std::ptrdiff_t y = 0; y < rows; ++y) {
    for (std::ptrdiff_t x = 0; x < columns; ++x) {
      window.clear();
      for (std::ptrdiff_t v = std::max<std::ptrdiff_t>(y - kFilterReach, 0); v <= std::min(y + kFilterReach, rows - 1); ++v) {
        for (std::ptrdiff_t u = std::max<std::ptrdiff_t>(x - kFilterReach, 0); u <= std::min(x + kFilterReach, columns - 1);
             ++u) {
          window.push_back(mesh.at(static_cast<std::size_t>(v), static_cast<std::size_t>(u)));
        }
      }
      result.at(static_cast<std::size_t>(y), static_cast<std::size_t>(x)) = static_cast<float>(median_of(window));
    }
  }
  return result;
}

}  // namespace

std::array<std::size_t, 2> default_box(std::size_t rows, std::size_t columns) {
  const auto largest = [](std::size_t side) {
    std::size_t size = kLargestDefaultBox;
    while (side % size != 0) --size;
    return size;
  };
  return {largest(rows), largest(columns)};
}

bool background_map(View2<const float> image, View2<const Mask> mask, std::array<std::size_t, 2> box, View2<float> background) {
  box = {std::min(box[0], image.rows), std::min(box[1], image.columns)};
  Mesh mesh = box_medians(image, mask, box);
  if (std::all_of(mesh.values.begin(), mesh.values.end(), [](float value) { return std::isnan(value); })) return false;
  fill_empty(mesh);
  const Mesh smooth = median_filtered(mesh);
  zoom_cubic(View2<const float>(smooth.values.data(), smooth.rows, smooth.columns), box[0], box[1], background);
  return true;
}

}  // namespace spec2::clean_flicker_noise
