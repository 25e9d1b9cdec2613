// Golden values: jwst 3.0.0 clean_flicker_noise.background_level.clip_to_background on the same images. Counts must be
// equal: a pixel more or less in the mask changes all that follows.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "tests/unit/steps/clean_flicker_noise/test_image.hpp"

namespace spec2::clean_flicker_noise {
namespace {

std::pair<float, float> range_in_use(const TestImage& test) {
  float low = std::numeric_limits<float>::infinity(), high = -low;
  for (std::size_t i = 0; i < test.values.size(); ++i) {
    if (!test.mask[i]) continue;
    low = std::min(low, test.values[i]);
    high = std::max(high, test.values[i]);
  }
  return {low, high};
}

struct Clipped {
  ClipLimits limits;
  std::size_t used;
  float low, high;
};

class ClipToBackground : public testing::TestWithParam<Clipped> {};

TEST_P(ClipToBackground, KeepsThePeersPixels) {
  TestImage test(64, 96);
  test.leave_out(10, 20, 0, 96);
  std::vector<double> scratch(2 * test.values.size());
  clip_to_background(test.image(), test.use(), GetParam().limits, scratch);
  EXPECT_EQ(test.used(), GetParam().used);
  const auto [low, high] = range_in_use(test);
  EXPECT_FLOAT_EQ(low, GetParam().low);
  EXPECT_FLOAT_EQ(high, GetParam().high);
}

INSTANTIATE_TEST_SUITE_P(
    Limits, ClipToBackground,
    testing::Values(Clipped{{}, 4975, -1.54566085f, 1.96980548f},
                    Clipped{{.fit_histogram = true}, 5005, -1.54566085f, 2.19620085f},
                    Clipped{{.sigma_lower = 2.0, .sigma_upper = 2.0, .lower_half_only = true}, 4934, -1.19196069f, 2.04131842f}));

TEST(SceneMask, NothingIsDoneWithoutBackground) {
  TestImage test(8, 8);
  std::fill(test.mask.begin(), test.mask.end(), Mask{0});
  std::vector<double> scratch(2 * test.values.size());
  clip_to_background(test.image(), test.use(), {}, scratch);
  EXPECT_EQ(test.used(), 0u);
  EXPECT_FALSE(has_any(test.use()));
}

TEST(SceneMask, NanStaysInTheMaskOfClippingAndGoesWithNoData) {
  TestImage test(16, 16);
  test.values[5] = std::numeric_limits<float>::quiet_NaN();
  test.values[6] = 0.0f;
  std::vector<double> scratch(2 * test.values.size());
  clip_to_background(test.image(), test.use(), {}, scratch);
  EXPECT_EQ(test.mask[5], 1);  // NaN compares with no limit, as in the peer
  mask_no_data(test.image(), test.use());
  EXPECT_EQ(test.mask[5], 0);
  EXPECT_EQ(test.mask[6], 0);
}

TEST(SceneMask, RegionsHaveTheMeaningOfSlices) {
  TestImage test(10, 20);
  mask_region(test.use(), {15, 99, 8, 99});
  EXPECT_EQ(test.used(), 200u - 5u * 2u);
  mask_region(test.use(), {-3, 5, 0, 10});  // from column 17 to column 5: nothing
  EXPECT_EQ(test.used(), 190u);
  mask_region(test.use(), {0, 20, -1, 99});  // the last row
  EXPECT_EQ(test.used(), 190u - 15u);
}

}  // namespace
}  // namespace spec2::clean_flicker_noise
