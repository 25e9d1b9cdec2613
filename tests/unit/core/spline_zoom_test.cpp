// Golden values: scipy.ndimage.zoom (1.17.1), order 3, mode reflect, grid_mode, factors 4 and 3, clipped to the range of the
// samples as photutils does. Tolerance: float32.
#include "core/math/spline_zoom.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace spec2 {
namespace {

std::vector<float> zoomed(std::vector<float> samples, std::size_t rows) {
  std::vector<float> fine(rows * 4 * 9);
  zoom_cubic({samples.data(), rows, 3}, 4, 3, {fine.data(), rows * 4, 9});
  return fine;
}

TEST(SplineZoom, OneRow) {
  const std::vector<float> fine = zoomed({0, 1, 4}, 1);
  EXPECT_NEAR(fine[0], 0.0f, 1e-6f);
  EXPECT_NEAR(fine[2 * 9 + 4], 1.0f, 1e-6f);
  EXPECT_NEAR(fine[3 * 9 + 7], 4.0f, 1e-6f);
}

TEST(SplineZoom, TwoRowsWithThePeersStart) {
  const std::vector<float> fine = zoomed({0, 1, 4, 2, 2, 4}, 2);
  EXPECT_NEAR(fine[0], 0.0f, 1e-6f);
  EXPECT_NEAR(fine[4 * 9 + 4], 1.64001274f, 1e-6f);
  EXPECT_NEAR(fine[7 * 9 + 7], 3.99964452f, 1e-6f);
}

TEST(SplineZoom, FiveRows) {
  const std::vector<float> fine = zoomed({0, 1, 4, 2, 2, 4, 1, 0, 1, 4, 2, 2, 4, 1, 0}, 5);
  EXPECT_NEAR(fine[0], 0.0f, 1e-6f);
  EXPECT_NEAR(fine[10 * 9 + 4], 0.0710227042f, 1e-6f);
  EXPECT_NEAR(fine[19 * 9 + 7], 0.0f, 1e-6f);
}

}  // namespace
}  // namespace spec2
