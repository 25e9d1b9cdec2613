#include <cmath>
#include <limits>
#include <vector>

#include "datamodels/dq.hpp"
#include "steps/pixel_replace/replaceable_image.hpp"

namespace spec2::pixel_replace {
namespace {

struct Pixel {
  std::size_t y, x;
  bool along_row;  ///< the neighbours in the row differ less than those in the column
};

/// Differences that are not known count as infinite.
float gradient(float a, float b) {
  const float difference = std::abs(a - b);
  return std::isnan(difference) ? std::numeric_limits<float>::infinity() : difference;
}

/// NaN pixels away from the edges that have a pair of neighbours.
std::vector<Pixel> replaceable_pixels(View2<const float> sci) {
  std::vector<Pixel> pixels;
  for (std::size_t y = 2; y + 1 < sci.rows; ++y) {
    for (std::size_t x = 2; x + 1 < sci.columns; ++x) {
      if (std::isfinite(sci(y, x))) continue;
      const float row = gradient(sci(y, x - 1), sci(y, x + 1)), column = gradient(sci(y - 1, x), sci(y + 1, x));
      if (std::isinf(row) && std::isinf(column)) continue;
      pixels.push_back({y, x, row <= column});
    }
  }
  return pixels;
}

/// Values for all pixels are taken before the first is written: neighbours may be replaced themselves.
void interpolate(View2<float> plane, const std::vector<Pixel>& pixels, bool is_variance) {
  if (plane.empty()) return;
  std::vector<float> values;
  values.reserve(pixels.size());
  const auto at = [&](std::size_t y, std::size_t x) { return is_variance ? std::sqrt(plane(y, x)) : plane(y, x); };
  for (const Pixel& p : pixels) {
    const float mean = p.along_row ? (at(p.y, p.x - 1) + at(p.y, p.x + 1)) / 2.0f : (at(p.y - 1, p.x) + at(p.y + 1, p.x)) / 2.0f;
    values.push_back(is_variance ? mean * mean : mean);
  }
  for (std::size_t i = 0; i < pixels.size(); ++i) plane(pixels[i].y, pixels[i].x) = values[i];
}

}  // namespace

void mingrad(const ReplaceableImage& image) {
  const std::vector<Pixel> pixels = replaceable_pixels(image.sci);
  interpolate(image.sci, pixels, false);
  interpolate(image.err, pixels, false);
  for (const View2<float>& variance : image.variances) interpolate(variance, pixels, true);
  for (const Pixel& p : pixels) {
    std::uint32_t& flags = image.dq(p.y, p.x);
    if ((flags & dq::kDoNotUse) != 0 && (flags & dq::kNonScience) == 0) flags &= ~dq::kDoNotUse;
    flags |= dq::kFluxEstimated;
  }
}

}  // namespace spec2::pixel_replace
