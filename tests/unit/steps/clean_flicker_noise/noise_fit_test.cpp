// Golden values: jwst 3.0.0 clean_flicker_noise (median_clean, fft_clean_subarray, fft_clean_full_frame) on the same images.
// Tolerance of the FFT fits: the peer inverts in complex64.
#include <gtest/gtest.h>

#include <cmath>

#include "steps/clean_flicker_noise/fft_full_frame.hpp"
#include "steps/clean_flicker_noise/fft_subarray.hpp"
#include "steps/clean_flicker_noise/median_noise.hpp"
#include "tests/unit/steps/clean_flicker_noise/test_image.hpp"

namespace spec2::clean_flicker_noise {
namespace {

TestImage masked_lines() {
  TestImage test(8, 24);
  test.leave_out(0, 8, 3, 4);
  test.leave_out(2, 3, 0, 24);
  test.leave_out(5, 6, 7, 24);
  return test;
}

TEST(MedianNoise, AlongColumns) {
  TestImage test = masked_lines();
  std::vector<double> scratch(24);
  subtract_median_lines(test.image(), test.use(), 1, false, scratch);
  EXPECT_FLOAT_EQ(test.image()(0, 3), 1.2174716f);  // a column without background stays
  EXPECT_FLOAT_EQ(test.image()(2, 5), -0.147791743f);
  EXPECT_FLOAT_EQ(test.image()(7, 20), 0.0528242588f);
}

TEST(MedianNoise, AlongRows) {
  TestImage test = masked_lines();
  std::vector<double> scratch(24);
  subtract_median_lines(test.image(), test.use(), 2, false, scratch);
  EXPECT_FLOAT_EQ(test.image()(0, 3), 0.881307483f);
  EXPECT_FLOAT_EQ(test.image()(2, 5), 0.997707963f);
  EXPECT_FLOAT_EQ(test.image()(7, 20), 0.714946628f);
}

TEST(MedianNoise, EachAmplifierOfAFullFrame) {
  TestImage test(2048, 2), whole(2048, 2);
  std::vector<double> scratch(2048);
  subtract_median_lines(test.image(), test.use(), 1, true, scratch);
  EXPECT_FLOAT_EQ(test.image()(0, 0), 5.26985121f);
  EXPECT_FLOAT_EQ(test.image()(600, 1), -1.51122999f);
  EXPECT_FLOAT_EQ(test.image()(1100, 0), -1.94161034f);
  EXPECT_FLOAT_EQ(test.image()(2047, 1), 2.84795189f);
  subtract_median_lines(whole.image(), whole.use(), 1, false, scratch);
  EXPECT_FLOAT_EQ(whole.image()(0, 0), -2.59578323f);
  EXPECT_FLOAT_EQ(whole.image()(600, 1), -4.28714705f);
}

struct Fitted {
  Detector detector;
  std::array<double, 5> noise;
};

class SubarrayNoise : public testing::TestWithParam<Fitted> {};

TEST_P(SubarrayNoise, IsThePeers) {
  TestImage test(32, 160);
  test.leave_out(12, 18, 40, 150);
  for (std::size_t i = 0; i < test.values.size(); ++i) test.mask[i] &= static_cast<Mask>(test.values[i] < 5.0f);
  std::vector<float> turned(test.values.size());
  std::vector<Mask> turned_mask(test.values.size());
  std::vector<double> weight(test.values.size()), values(2 * test.values.size()), noise(test.values.size());
  const SubarrayScratch scratch{{turned.data(), 160, 32}, {turned_mask.data(), 160, 32}, {weight.data(), 160, 32}, values};
  const View2<double> model(noise.data(), 160, 32);
  ASSERT_EQ(fit_subarray_noise(test.image(), test.use(), GetParam().detector, {}, model, scratch, Parallel()), FitOutcome::done);
  constexpr std::array<std::size_t, 5> y{0, 0, 15, 20, 31}, x{0, 159, 80, 33, 100};
  for (std::size_t i = 0; i < y.size(); ++i) {
    const std::size_t row = image_column(GetParam().detector, x[i], 160);
    EXPECT_NEAR(model(row, y[i]), GetParam().noise[i], 2e-6) << y[i] << ' ' << x[i];
  }
}

INSTANTIATE_TEST_SUITE_P(
    Detectors, SubarrayNoise,
    testing::Values(Fitted{Detector::nrs1, {0.191371009, 1.14814854, -0.861213007, -0.241216769, -0.330938792}},
                    Fitted{Detector::nrs2, {0.234870538, 0.908435345, -0.86617173, -0.225383797, -0.523417992}}));

TEST(SubarrayNoise, NoBackgroundAtAll) {
  TestImage test(8, 16);
  test.leave_out(0, 8, 0, 16);
  std::vector<float> turned(128);
  std::vector<Mask> turned_mask(128);
  std::vector<double> weight(128), values(256), noise(128);
  const SubarrayScratch scratch{{turned.data(), 16, 8}, {turned_mask.data(), 16, 8}, {weight.data(), 16, 8}, values};
  EXPECT_EQ(fit_subarray_noise(test.image(), test.use(), Detector::nrs1, {}, {noise.data(), 16, 8}, scratch, Parallel()),
            FitOutcome::no_background);
}

class FullFrameNoise : public testing::TestWithParam<Fitted> {
 protected:
  static constexpr std::size_t kSide = 2048;
  FullFrameNoise()
      : values_(kSide * kSide), mask_(kSide * kSide), turned_(kSide * kSide), model_(kSide * kSide), turned_mask_(kSide * kSide) {
    const std::vector<double> u = uniform_noise(kSide * kSide / 64, 3);
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const std::size_t y = i / kSide, x = i % kSide;
      const auto noise = static_cast<float>(u[i % u.size()]);
      values_[i] = static_cast<float>((static_cast<double>(noise) + 0.2 * std::cos(static_cast<double>(y) * 0.01)) +
                                      0.1 * std::sin(static_cast<double>(x) * 0.3));
      mask_[i] = (y < 900 || y >= 1000) && values_[i] < 0.9f;
    }
  }
  FullFrameScratch scratch() {
    return {{turned_.data(), kSide, kSide}, {turned_mask_.data(), kSide, kSide}, {model_.data(), kSide, kSide}};
  }
  std::vector<float> values_;
  std::vector<Mask> mask_;
  std::vector<float> turned_, model_;
  std::vector<Mask> turned_mask_;
};

TEST_P(FullFrameNoise, IsThePeers) {
  const std::vector<float> before = values_;
  ASSERT_TRUE(subtract_full_frame_noise({values_.data(), kSide, kSide}, {mask_.data(), kSide, kSide}, GetParam().detector,
                                        scratch(), Parallel()));
  constexpr std::array<std::size_t, 5> y{0, 500, 950, 1200, 2047}, x{30, 1000, 77, 1500, 2000};
  for (std::size_t i = 0; i < y.size(); ++i) {
    EXPECT_NEAR(before[y[i] * kSide + x[i]] - values_[y[i] * kSide + x[i]], GetParam().noise[i], 3e-6) << y[i] << ' ' << x[i];
  }
}

TEST_P(FullFrameNoise, ColumnsWithTooFewPixelsStayFinite) {
  for (std::size_t y = 0; y < kSide; ++y) {
    mask_[y * kSide + 700] = y == 3;       // one pixel cannot hold the components
    mask_[y * kSide + 900] = y % 200 > 1;  // and no density at all beside it
    mask_[y * kSide + 899] = mask_[y * kSide + 901] = 0;
  }
  const std::vector<float> before = values_;
  ASSERT_TRUE(subtract_full_frame_noise({values_.data(), kSide, kSide}, {mask_.data(), kSide, kSide}, GetParam().detector,
                                        scratch(), Parallel()));
  for (std::size_t i = 0; i < values_.size(); ++i) ASSERT_LT(std::abs(values_[i] - before[i]), 2.0f);
}

INSTANTIATE_TEST_SUITE_P(
    Detectors, FullFrameNoise,
    testing::Values(Fitted{Detector::nrs1, {0.514257908, 0.439473718, 0.327460349, 0.527099311, 0.522463739}},
                    Fitted{Detector::nrs2, {0.515614808, 0.415809691, 0.289356709, 0.499412239, 0.516221642}}));

}  // namespace
}  // namespace spec2::clean_flicker_noise
