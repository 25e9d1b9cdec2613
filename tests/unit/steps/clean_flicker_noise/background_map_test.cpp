// Golden values: jwst 3.0.0 clean_flicker_noise.background_level.background_level (photutils 3.0.0, scipy 1.17.1) on the
// same images. Tolerance: float32, rounded in another order.
#include <gtest/gtest.h>

#include "steps/clean_flicker_noise/background_map.hpp"
#include "steps/clean_flicker_noise/clean_image.hpp"
#include "tests/unit/steps/clean_flicker_noise/test_image.hpp"

namespace spec2::clean_flicker_noise {
namespace {

constexpr float kTolerance = 2e-7f;

std::vector<float> level(TestImage& test, BackgroundMethod method, std::optional<std::array<std::size_t, 2>> box) {
  std::vector<double> scratch(2 * test.values.size());
  std::vector<float> background(test.values.size());
  background_level(test.image(), test.use(), method, box, scratch, {background.data(), test.rows, test.columns});
  return background;
}

TEST(BackgroundMap, MedianOfTheMask) {
  TestImage test(64, 96);
  EXPECT_FLOAT_EQ(level(test, BackgroundMethod::median, {}).front(), 0.395626098f);
}

TEST(BackgroundMap, BoxesThatDoNotDivideTheImage) {
  TestImage test(64, 96);
  test.leave_out(0, 64, 0, 10);
  const std::vector<float> map = level(test, BackgroundMethod::model, {{20, 30}});
  const auto at = [&](std::size_t y, std::size_t x) { return map[y * 96 + x]; };
  EXPECT_NEAR(at(0, 0), 0.347322226f, kTolerance);
  EXPECT_NEAR(at(0, 95), 0.26931271f, kTolerance);
  EXPECT_NEAR(at(31, 50), 0.333117813f, kTolerance);
  EXPECT_NEAR(at(40, 70), 0.334356606f, kTolerance);
  EXPECT_NEAR(at(63, 0), 0.366876245f, kTolerance);
  EXPECT_NEAR(at(63, 95), 0.342302203f, kTolerance);
}

TEST(BackgroundMap, OneMedianWhenNoBoxIsWhole) {
  TestImage test(64, 96);
  test.leave_out(0, 64, 0, 10);
  test.leave_out(40, 64, 64, 96);
  const std::vector<float> map = level(test, BackgroundMethod::model, {});
  EXPECT_EQ(test.used(), 4573u);
  EXPECT_NEAR(map.front(), 0.347666621f, kTolerance);
  EXPECT_EQ(map.front(), map.back());
}

TEST(BackgroundMap, DefaultBoxDividesTheImage) {
  EXPECT_EQ(default_box(256, 2048), (std::array<std::size_t, 2>{32, 32}));
  EXPECT_EQ(default_box(30, 50), (std::array<std::size_t, 2>{30, 25}));
  EXPECT_EQ(default_box(37, 41), (std::array<std::size_t, 2>{1, 1}));
}

}  // namespace
}  // namespace spec2::clean_flicker_noise
