#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/view.hpp"

namespace spec2::bkg_subtract {

/// One background exposure seen from the science image: its stack of integrations, all rows or those that are looked at, and
/// the part that both subarrays share. The part lands in the corner of the science image, as in the peer.
struct BackgroundImage {
  View3<const float> sci;
  View3<const float> err;
  View3<const std::uint32_t> dq;
  std::size_t first_row = 0, first_column = 0;  ///< of the shared part in the background image
  std::size_t rows = 0, columns = 0;            ///< 0 when the subarrays do not overlap
  std::size_t view_row = 0;                     ///< row of the background image with which the views begin
};

struct ClipSettings {
  double sigma = 3.0;
  std::size_t max_iterations = 0;  ///< 0: no limit
};

/// What is averaged, and how: stacks of integrations are averaged by themselves first.
struct Backgrounds {
  std::span<const BackgroundImage> images;
  bool by_integration = false;
  ClipSettings clip;
};

/// Room for a row of the mean, its error and its DQ. Each thread has one.
struct MeanRow {
  explicit MeanRow(std::size_t columns);
  std::vector<float> mean, error;
  std::vector<std::uint32_t> dq;
  std::vector<double> sum, sum_of_variances, count;  ///< work
};

/// Row `y` of the mean over the backgrounds of the values that sigma clipping keeps, its error, and the union of DQ; stacks of
/// integrations are averaged the same way first. Pixels without any value get 0. float64 sums.
/// Source: jwst 3.0.0 background.background_sub.average_background.
void make_mean_row(const Backgrounds& backgrounds, std::size_t y, MeanRow& row);

}  // namespace spec2::bkg_subtract
