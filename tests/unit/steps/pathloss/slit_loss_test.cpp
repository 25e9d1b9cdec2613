#include "steps/pathloss/slit_loss.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/memory/account.hpp"
#include "tests/unit/steps/formula.hpp"

namespace spec2::pathloss {
namespace {

PathlossReference::Aperture aperture() {
  PathlossReference::Aperture made;
  made.name = "S200A1";
  made.wavelengths = 4;
  made.rows = made.columns = 3;
  made.point = test::scattered_floats(36, 0.5, 0.4);
  made.column_axis = made.row_axis = {2.0, 0.0, 0.5};
  made.wavelength_axis = made.uniform_axis = {1.0, 1e-6, 1e-6};
  made.uniform = {0.5f, 0.6f, 0.7f, 0.8f};
  return made;
}

// jwst 3.0.0 pathloss.calculate_pathloss_vector with the same numbers; products and sums are float32 there.
TEST(SlitLoss, ThePointCurveIsThePeersBitForBit) {
  const auto curve = point_curve(aperture(), 0.13, -0.21);
  ASSERT_TRUE(curve);
  const float golden[] = {0.8028f, 0.743199944f, 0.619599938f, 0.727999985f};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(static_cast<float>(curve->transmission[i]), golden[i]) << i;
    EXPECT_NEAR(curve->wavelength_um[i], static_cast<double>(i + 1), 1e-6);
  }
}

TEST(SlitLoss, ASourceOnTheLastGridLineIsOutside) {
  EXPECT_TRUE(point_curve(aperture(), -0.5, -0.5));
  EXPECT_FALSE(point_curve(aperture(), 0.5, 0.0));
  EXPECT_FALSE(point_curve(aperture(), 0.0, 0.5));
  EXPECT_FALSE(point_curve(aperture(), -0.51, 0.0));
}

// jwst 3.0.0 pathloss.interpolate_onto_grid: the first wavelength itself has no value, the last one has.
TEST(SlitLoss, PixelsOutsideTheCurveAreNaN) {
  const float nan = std::nanf("");
  const std::vector<float> wavelength = {0.9f, 1.0f, 1.0000001f, 2.5f, 3.999f, 4.0f, 4.1f, nan};
  const float golden[] = {nan, nan, 0.802799993f, 0.681399941f, 0.727891593f, 0.727999985f, nan, nan};
  std::vector<float> loss(8);
  fill_loss(*point_curve(aperture(), 0.13, -0.21), {wavelength.data(), 2, 4}, {loss.data(), 2, 4});
  for (std::size_t i = 0; i < 8; ++i) {
    if (std::isnan(golden[i])) EXPECT_TRUE(std::isnan(loss[i])) << i;
    else EXPECT_EQ(loss[i], golden[i]) << i;
  }
}

TEST(SlitLoss, TheInverseUndoesTheCorrection) {
  Account account("test");
  Planes planes;
  planes.sci = make_plane<float>(account, {2, 1, 2}, "SCI");
  planes.err = make_plane<float>(account, {2, 1, 2}, "ERR");
  planes.var_flat = make_plane<float>(account, {2, 1, 2}, "VAR_FLAT");
  for (std::size_t i = 0; i < 4; ++i) planes.sci.data()[i] = planes.err.data()[i] = planes.var_flat.data()[i] = 8.0f;
  const std::vector<float> loss = {0.5f, 0.25f};
  apply_loss(planes, {loss.data(), 1, 2}, false);
  EXPECT_EQ(planes.sci.data()[3], 32.0f);
  EXPECT_EQ(planes.var_flat.data()[2], 32.0f);
  apply_loss(planes, {loss.data(), 1, 2}, true);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(planes.var_flat.data()[i], 8.0f);
}

}  // namespace
}  // namespace spec2::pathloss
