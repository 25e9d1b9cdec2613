#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/parallel.hpp"
#include "core/view.hpp"

namespace spec2::bkg_subtract {

/// One background exposure seen from the science image: its stack of integrations, and the part that both subarrays share.
/// The part lands in the corner of the science image, as in the peer.
struct BackgroundImage {
  View3<const float> sci;
  View3<const float> err;
  View3<const std::uint32_t> dq;
  std::size_t first_row = 0, first_column = 0;  ///< of the shared part in the background image
  std::size_t rows = 0, columns = 0;            ///< 0 when the subarrays do not overlap
};

struct ClipSettings {
  double sigma = 3.0;
  std::size_t max_iterations = 0;  ///< 0: no limit
};

/// The mean over the backgrounds of the values that sigma clipping keeps, its error, and the union of DQ; stacks of
/// integrations are averaged the same way first. Pixels without any value get 0. float64 sums.
/// Source: jwst 3.0.0 background.background_sub.average_background.
void mean_background(std::span<const BackgroundImage> images, bool by_integration, const ClipSettings& clip, View2<float> mean,
                     View2<float> error, View2<std::uint32_t> dq, const Parallel& parallel);

}  // namespace spec2::bkg_subtract
