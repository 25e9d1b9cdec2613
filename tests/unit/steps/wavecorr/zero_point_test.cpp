#include "steps/wavecorr/zero_point.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/steps/formula.hpp"

namespace spec2::wavecorr {
namespace {

/// Offset = 2 * position + 1e5 * (wavelength - 1e-6): a plane, so that bilinear values are known everywhere.
WavecorrReference::Aperture plane() {
  WavecorrReference::Aperture aperture{"S200A1", {1e-6, 2e-6, 4e-6}, {-0.5, 0.0, 0.5}, {}};
  for (const double wavelength : aperture.wavelength_m) {
    for (const double position : aperture.position) aperture.offset.push_back(2.0 * position + 1e5 * (wavelength - 1e-6));
  }
  return aperture;
}

TEST(ZeroPoint, OffsetsAreBilinearAndGoOnBeyondTheTable) {
  const std::vector<double> wavelength = {0.5e-6, 1.5e-6, 3e-6, 5e-6}, dispersion(4, 1e-9);
  const auto table = correction_table(plane(), 0.6, wavelength, dispersion);
  ASSERT_TRUE(table);
  for (std::size_t i = 0; i < wavelength.size(); ++i) {
    EXPECT_NEAR(table->corrected[i], wavelength[i] + (1.2 + 1e5 * (wavelength[i] - 1e-6)) * 1e-9, 1e-20) << i;
  }
}

TEST(ZeroPoint, ColumnsWithoutWavelengthAreLeftOut) {
  const auto table = correction_table(plane(), 0.0, {1e-6, test::kNaN, 2e-6, 3e-6}, {1e-9, 1e-9, test::kNaN, 1e-9});
  ASSERT_TRUE(table);
  EXPECT_EQ(table->wavelength, (std::vector<double>{1e-6, 3e-6}));
  EXPECT_FALSE(correction_table(plane(), 0.0, {1e-6, test::kNaN}, {1e-9, 1e-9}));
}

TEST(ZeroPoint, ThereIsNoTableWhenTheCorrectedWavelengthsDoNotRise) {
  EXPECT_FALSE(correction_table(plane(), 0.5, {2.00e-6, 2.01e-6}, {1e-6, 1e-9}));
}

TEST(ZeroPoint, TheWavelengthOfAColumnIsTheMeanOfItsGoodRows) {
  const float nan = std::nanf("");
  const std::vector<float> plane = {1.0f, nan, 2.0f, nan, 3.0f, nan};
  const std::vector<double> mean = column_wavelength({plane.data(), 3, 2});
  EXPECT_NEAR(mean[0], 2e-6, 2e-13);
  EXPECT_TRUE(std::isnan(mean[1]));
}

}  // namespace
}  // namespace spec2::wavecorr
