// Golden values: jwst 3.0.0 badpix_selfcal.badpix_selfcal, stcal medfilt and numpy.nanpercentile (2.4.6) on the same image.
// All must be equal: the cuts decide which pixels are lost.
#include "steps/badpix_selfcal/outliers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace spec2::badpix_selfcal {
namespace {

constexpr std::size_t kRows = 12, kColumns = 40;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// Numbers of a linear congruential generator, some outliers, a row with NaN.
std::vector<float> test_image() {
  std::vector<float> image(kRows * kColumns);
  std::uint32_t state = 7;
  for (float& value : image) {
    state = state * 1664525u + 1013904223u;
    value = static_cast<float>(state / 4294967296.0);
  }
  image[3 * kColumns + 5] = 9.0f;
  image[7 * kColumns + 20] = -4.0f;
  for (std::size_t x = 8; x < 30; ++x) image[8 * kColumns + x] = kNan;
  image[0] = kNan;
  image[10 * kColumns + 39] = 5.0f;
  return image;
}

std::vector<float> difference(const Window& window) {
  const std::vector<float> image = test_image();
  std::vector<float> result(image.size());
  subtract_running_median({image.data(), kRows, kColumns}, window, {result.data(), kRows, kColumns}, Parallel());
  return result;
}

TEST(RunningMedian, AlongRowsColumnsAndBoth) {
  struct Golden {
    Window window;
    float a, b, c, d, e;
  };
  for (const Golden& golden : {Golden{{1, 15}, 0.862269521f, 8.1659174f, -4.43618107f, 0.0f, 0.576279819f},
                               Golden{{15, 1}, 0.912729263f, 8.78936481f, -4.163311f, 0.0f, 0.501477599f},
                               Golden{{5, 5}, 0.913493276f, 8.49071503f, -4.6292572f, 0.10177099f, 0.618750334f}}) {
    const std::vector<float> found = difference(golden.window);
    EXPECT_FLOAT_EQ(found[1], golden.a);
    EXPECT_FLOAT_EQ(found[3 * kColumns + 5], golden.b);
    EXPECT_FLOAT_EQ(found[7 * kColumns + 20], golden.c);
    EXPECT_FLOAT_EQ(found[11 * kColumns + 39], golden.d);
    EXPECT_FLOAT_EQ(found[8 * kColumns + 31], golden.e);
    EXPECT_TRUE(std::isnan(found[8 * kColumns + 10]));
  }
}

TEST(QuantileCuts, OfNumpy) {
  const std::vector<float> values = difference({1, 15});
  std::vector<float> scratch(values.size());
  const Cuts cuts = quantile_cuts({values.data(), kRows, kColumns}, 0.013, 0.021, scratch);
  EXPECT_DOUBLE_EQ(cuts.low, -0.57475744438171383);
  EXPECT_DOUBLE_EQ(cuts.high, 0.74521948146820061);
}

TEST(QuantileCuts, NothingStandsOutOfNothing) {
  const std::vector<float> values(4, kNan);
  std::vector<float> scratch(4);
  const Cuts cuts = quantile_cuts({values.data(), 2, 2}, 0.1, 0.1, scratch);
  EXPECT_FALSE(cuts.outside(1e9f));
}

std::vector<std::size_t> outliers(const Window& window, double lower, double upper) {
  const std::vector<float> values = difference(window);
  std::vector<float> scratch(values.size());
  const Cuts cuts = quantile_cuts({values.data(), kRows, kColumns}, lower, upper, scratch);
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (cuts.outside(values[i])) result.push_back(i);
  }
  return result;
}

TEST(Outliers, AreThePeers) {
  EXPECT_EQ(outliers({1, 15}, 0.01, 0.01), (std::vector<std::size_t>{1, 109, 125, 127, 240, 300, 359, 439, 458, 467}));
  EXPECT_EQ(outliers({7, 1}, 0.02, 0.0), (std::vector<std::size_t>{144, 157, 183, 188, 198, 278, 288, 300, 355, 391}));
  EXPECT_EQ(outliers({5, 5}, 0.0, 0.05).size(), 23u);
  EXPECT_EQ(outliers({1, 3}, 0.5, 0.5).size(), 288u);
}

TEST(TakeMinimum, NanGivesWay) {
  const std::vector<float> one{1.0f, kNan, 3.0f, kNan};
  std::vector<float> minimum{2.0f, 5.0f, kNan, kNan};
  take_minimum({one.data(), 1, 4}, {minimum.data(), 1, 4});
  EXPECT_EQ(minimum[0], 1.0f);
  EXPECT_EQ(minimum[1], 5.0f);
  EXPECT_EQ(minimum[2], 3.0f);
  EXPECT_TRUE(std::isnan(minimum[3]));
}

}  // namespace
}  // namespace spec2::badpix_selfcal
