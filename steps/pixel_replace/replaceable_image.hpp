#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/view.hpp"
#include "datamodels/planes.hpp"

namespace spec2::pixel_replace {

/// One image whose bad pixels are replaced, in place. Variances may be missing (empty views).
struct ReplaceableImage {
  View2<float> sci, err;
  std::array<View2<float>, 3> variances;  ///< Poisson, read noise, flat
  View2<std::uint32_t> dq;

  /// An integration of the planes.
  static ReplaceableImage of(Planes& planes, std::size_t integration);
};

/// Pixels with an estimated value.
std::size_t count_estimated(const ReplaceableImage& image);

/// Replaces bad pixels by the median profile of the neighbouring columns, scaled to the good pixels of their own column.
/// float32 as the peer. Source: jwst 3.0.0 pixel_replace.PixelReplacement.fit_profile.
void fit_profile(const ReplaceableImage& image, std::size_t neighbours);

/// Replaces NaN pixels by the mean of the two neighbours, along rows or columns, whichever pair differs less.
/// Source: pixel_replace.PixelReplacement.mingrad.
void mingrad(const ReplaceableImage& image);

}  // namespace spec2::pixel_replace
