// Elementary transforms against the models they stand for. Golden numbers: each model of astropy 8.0, gwcs 1.0 or
// stdatamodels 6.0 (jwst 3.0.0) evaluated at the inputs given here. Tolerance 1e-13 relative: sums in another order.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "wcs/mapper.hpp"

namespace spec2::wcs {
namespace {

using Columns = std::vector<std::vector<double>>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// x^i y^j at [4 i + j]
const std::vector<double> kCubic = {1, -1.5, 0.75, -0.125, 2, 0.3, -0.7, 0, -0.5, 0.9, 0, 0, 0.25, 0, 0, 0};
const std::vector<double> kSeries = {1, 0.25, 2, 3, -0.5, -2};

Arena::Prism prism(double temperature_k, double pressure_atm, std::array<double, 6> thermal) {
  return {-16.5,
          35,
          pressure_atm,
          temperature_k,
          pressure_atm,
          {0.58339748, 0.46085267, 3.8915394},
          {0.00252643, 0.010078333, 1200.556},
          thermal};
}

void expect_values(const Arena& arena, TransformId id, const Columns& in, const Columns& expected, Direction direction) {
  const Program program(arena, id, direction);
  ASSERT_EQ(program.inputs(), in.size());
  ASSERT_EQ(program.outputs(), expected.size());
  // Repeated to more than two blocks, so that vector loops and their ends are both run.
  const std::size_t n = in[0].size(), count = 600 / n * n + n;
  Columns wide(in.size()), found(expected.size(), std::vector<double>(count));
  std::vector<const double*> from;
  std::vector<double*> to;
  for (std::size_t i = 0; i < in.size(); ++i) {
    for (std::size_t k = 0; k < count; ++k) wide[i].push_back(in[i][k % n]);
    from.push_back(wide[i].data());
  }
  for (auto& column : found) to.push_back(column.data());
  Scratch scratch;
  program.run(scratch, from, to, count);
  for (std::size_t j = 0; j < expected.size(); ++j) {
    for (std::size_t k = 0; k < count; ++k) {
      const double truth = expected[j][k % n];
      if (std::isnan(truth)) {
        EXPECT_TRUE(std::isnan(found[j][k])) << "output " << j << " point " << k << ": " << found[j][k];
      } else {
        EXPECT_NEAR(found[j][k], truth, 1e-13 * std::max(1.0, std::abs(truth))) << "output " << j << " point " << k;
      }
    }
  }
}

TEST(Transforms, Polynomial2D) {
  Arena arena;
  expect_values(arena, arena.polynomial2d(3, kCubic),
                {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}},
                {{0.9292499999999999, 0.27518437500000004, 2.62995}}, Direction::forward);
}

TEST(Transforms, Polynomial2DWithDomains) {
  Arena arena;
  expect_values(arena, arena.polynomial2d(3, kCubic, {-2, 3}, {-1, 1}, {0, 4}, {-1, 1}),
                {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}},
                {{2.8279850000000004, 2.8086181718749996, 4.136576}}, Direction::forward);
}

TEST(Transforms, Polynomial1D) {
  Arena arena;
  expect_values(arena, arena.polynomial1d(std::vector<double>{1, 2, 3, -4}),
                {{0.1, -0.3, 0.7}},
                {{1.226, 0.778, 2.498}}, Direction::forward);
}

TEST(Transforms, Chebyshev1D) {
  Arena arena;
  expect_values(arena, arena.series1d(Kind::chebyshev1d, std::vector<double>{1, 2, 3, -4, 0.5}, {-1, 1}, {-1, 1}),
                {{0.1, -0.3, 0.7}},
                {{-0.09559999999999991, -5.0556, 4.7524}}, Direction::forward);
}

TEST(Transforms, Legendre1D) {
  Arena arena;
  expect_values(arena, arena.series1d(Kind::legendre1d, std::vector<double>{1, 2, 3, -4, 0.5}, {-1, 1}, {-1, 1}),
                {{0.1, -0.3, 0.7}},
                {{0.5039687500000001, -2.18853125, 3.6689687500000003}}, Direction::forward);
}

TEST(Transforms, Chebyshev2D) {
  Arena arena;
  expect_values(arena, arena.series2d(Kind::chebyshev2d, 2, 1, kSeries, {-1, 1}, {-1, 1}, {-1, 1}, {-1, 1}),
                {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}},
                {{2.192, 0.8595, 1.4540000000000002}}, Direction::forward);
}

TEST(Transforms, Legendre2D) {
  Arena arena;
  expect_values(arena, arena.series2d(Kind::legendre2d, 2, 1, kSeries, {-1, 1}, {-1, 1}, {-1, 1}, {-1, 1}),
                {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}},
                {{1.7465, 0.5865, 1.5304999999999997}}, Direction::forward);
}

TEST(Transforms, Affine2D) {
  Arena arena;
  expect_values(arena, arena.affine2d({1.1, 0.2, -0.3, 0.9}, {5, -6}),
                {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}},
                {{5.15, 4.68, 5.69}, {-5.85, -5.865, -6.57}}, Direction::forward);
}

TEST(Transforms, Affine2DInverse) {
  Arena arena;
  expect_values(
      arena, arena.affine2d({1.1, 0.2, -0.3, 0.9}, {5, -6}), {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}},
      {{-5.380952380952381, -5.695238095238095, -4.752380952380952}, {5.095238095238096, 4.823809523809524, 4.6380952380952385}},
      Direction::inverse);
}

TEST(Transforms, Rotation2D) {
  Arena arena;
  expect_values(arena, arena.rotation2d(30), {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}},
                {{-0.013397459621556116, -0.28480762113533165, 0.806217782649107},
                 {0.22320508075688775, -0.10669872981077803, 0.00358983848622442}},
                Direction::forward);
}

TEST(Transforms, RotationSequence3D) {
  Arena arena;
  expect_values(arena, arena.rotation_sequence3d("zyxyz", std::vector<double>{10, -20, 30, 40, -50}),
                {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}, {0.9, 0.95, 0.5}},
                {{-0.46163104616096673, -0.7530038130400487, 0.4155164103611547},
                 {0.3142356663326688, 0.009827489924830997, 0.001246088428116028},
                 {0.7403733674469896, 0.6541320034892992, 0.8528449800428033}},
                Direction::forward);
}

TEST(Transforms, RotationSequence3DInverse) {
  Arena arena;
  expect_values(arena, arena.rotation_sequence3d("zyxyz", std::vector<double>{10, -20, 30, 40, -50}),
                {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}, {0.9, 0.95, 0.5}},
                {{0.5603711261795734, 0.2025975706274692, 0.5925216289069445},
                 {-0.13456505179069367, -0.15383611311877463, -0.740802392408183},
                 {0.7265510634365657, 0.9645147353339684, 0.011398889409658608}},
                Direction::inverse);
}

TEST(Transforms, SphericalToCartesian) {
  Arena arena;
  expect_values(arena, arena.spherical_to_cartesian(180), {{10, 200, 359.9}, {-80, 5, 45}},
                {{0.1710100716628344, -0.9361168066628592, 0.707105704201605},
                 {0.030153689607045817, -0.34071865342161, -0.0012341335229240265},
                 {-0.984807753012208, 0.08715574274765817, 0.7071067811865475}},
                Direction::forward);
}

TEST(Transforms, CartesianToSpherical) {
  Arena arena;
  expect_values(
      arena, arena.cartesian_to_spherical(360), {{-0.1, 0.3, -0.7}, {0.2, 0.05, -0.4}, {0.9, 0.95, 0.5}},
      {{116.56505117707799, 9.462322208025618, 209.74488129694222}, {76.04726360446328, 72.24777191220336, 31.8061000193785}},
      Direction::forward);
}

TEST(Transforms, CartesianToSphericalWrappedAt180) {
  Arena arena;
  expect_values(
      arena, arena.cartesian_to_spherical(180), {{-0.1, 0.3, -0.7}, {0.2, 0.05, -0.4}, {0.9, 0.95, 0.5}},
      {{116.56505117707799, 9.462322208025618, -150.25511870305778}, {76.04726360446328, 72.24777191220336, 31.8061000193785}},
      Direction::forward);
}

TEST(Transforms, ToDirectionCosines) {
  Arena arena;
  expect_values(arena, arena.plain(Kind::to_direction_cosines), {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}, {0.9, 0.95, 0.5}},
                {{0.09759000729485331, -0.28701892394096395, 0.5449492609130661},
                 {0.19518001458970663, 0.04783648732349399, -0.3113995776646092},
                 {0.9759000729485331, 0.9567297464698798, 0.778498944161523},
                 {1.02469507659596, 1.0452272480183435, 1.284523257866513}},
                Direction::forward);
}

TEST(Transforms, RotateNative2Celestial) {
  Arena arena;
  expect_values(
      arena, arena.rotate_native2celestial(210, 30, 180), {{10, 200, 359.9}, {-80, 5, 45}},
      {{27.749709570701498, 70.95463502745521, 209.92679495543229}, {-39.82933291270778, 58.6801515738183, -14.999944675300824}},
      Direction::forward);
}

TEST(Transforms, RotateCelestial2Native) {
  Arena arena;
  expect_values(
      arena, arena.rotate_celestial2native(210, 30, 180), {{10, 200, 359.9}, {-80, 5, 45}},
      {{4.40327657955183, 337.37431771826556, 158.88378524645034}, {-39.32499237476804, 63.2782783762619, -10.150913367260289}},
      Direction::forward);
}

TEST(Transforms, Pix2SkyTan) {
  Arena arena;
  expect_values(
      arena, arena.plain(Kind::pix2sky_tan), {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}},
      {{153.43494882292202, -99.46232220802563, 60.25511870305777}, {89.77639433748175, 89.69586473001475, 89.19382743010615}},
      Direction::forward);
}

TEST(Transforms, Sky2PixTan) {
  Arena arena;
  expect_values(arena, arena.plain(Kind::pix2sky_tan), {{10, 200, 359.9}, {80, 89, 45}},
                {{1.7543313869603563, -0.34205487598893347, -0.0999999492304456},
                 {-9.94930770045299, 0.939788047993946, -57.295692246641885}},
                Direction::inverse);
}

TEST(Transforms, Tabular1D) {
  Arena arena;
  expect_values(arena,
                arena.tabular1d(std::vector<double>{0, 1, 3, 4}, std::vector<double>{10, 20, 15, 0}, TabularBounds::fill, kNan),
                {{-0.5, 0, 0.25, 2, 4, 4.5}}, {{kNan, 10.0, 12.5, 17.5, 0.0, kNan}}, Direction::forward);
}

TEST(Transforms, Tabular1DExtrapolating) {
  Arena arena;
  expect_values(
      arena, arena.tabular1d(std::vector<double>{0, 1, 3, 4}, std::vector<double>{10, 20, 15, 0}, TabularBounds::extrapolate, 0),
      {{-0.5, 0, 0.25, 2, 4, 4.5}}, {{5.0, 10.0, 12.5, 17.5, 0.0, -7.5}}, Direction::forward);
}

TEST(Transforms, Tabular1DFalling) {
  Arena arena;
  expect_values(arena,
                arena.tabular1d(std::vector<double>{4, 3, 1, 0}, std::vector<double>{0, 15, 20, 10}, TabularBounds::fill, kNan),
                {{-0.5, 0, 0.25, 2, 4, 4.5}}, {{kNan, 10.0, 12.5, 17.5, 0.0, kNan}}, Direction::forward);
}

TEST(Transforms, Tabular2D) {
  Arena arena;
  expect_values(arena,
                arena.tabular2d(std::vector<double>{0, 1, 2}, std::vector<double>{0, 2}, std::vector<double>{1, 2, 3, 5, 8, 13},
                                TabularBounds::fill, -9),
                {{0.5, 1.5, 2, 2.5}, {0.5, 1, 2, 1}}, {{2.375, 7.25, 13.0, -9.0}}, Direction::forward);
}

TEST(Transforms, Logical) {
  Arena arena;
  expect_values(arena, arena.logical(Condition::greater, 0.15, kNan),
                {{0.1, 0.2, kNan}},
                {{0.1, kNan, kNan}}, Direction::forward);
}

TEST(Transforms, Unitless2DirCos) {
  Arena arena;
  expect_values(arena, arena.plain(Kind::unitless_to_cosines), {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}},
                {{0.09759000729485331, -0.28701892394096395, 0.5449492609130661},
                 {0.19518001458970663, 0.04783648732349399, -0.3113995776646092},
                 {0.9759000729485331, 0.9567297464698798, 0.778498944161523}},
                Direction::forward);
}

TEST(Transforms, DirCos2Unitless) {
  Arena arena;
  expect_values(arena, arena.plain(Kind::cosines_to_unitless), {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}, {0.9, 0.95, 0.5}},
                {{0.11111111111111112, -0.3157894736842105, 1.4}, {0.22222222222222224, 0.052631578947368425, -0.8}},
                Direction::forward);
}

TEST(Transforms, Rotation3DToGwa) {
  Arena arena;
  expect_values(arena, arena.rotation_to_gwa("xyzy", std::vector<double>{0.03, -0.0077, -12, -8.8}),
                {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}, {0.9, 0.95, 0.5}},
                {{0.20469554223713934, -0.15450089131537606, 0.8493723376193724},
                 {0.21690883453091706, -0.01295296737575858, -0.2454481907155509},
                 {0.9544895455114649, 0.9879077361874017, 0.4672492030613487}},
                Direction::forward);
}

TEST(Transforms, Rotation3DToGwaInverse) {
  Arena arena;
  expect_values(arena, arena.rotation_to_gwa("xyzy", std::vector<double>{0.03, -0.0077, -12, -8.8}),
                {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}, {0.9, 0.95, 0.5}},
                {{0.003435632836131434, -0.4218753456831618, 0.5185659176604378},
                 {0.2031972419472128, 0.14029483111947258, -0.5195358771588593},
                 {0.9791317977126783, 0.8957335279344362, 0.679096356480995}},
                Direction::inverse);
}

TEST(Transforms, AnglesFromGratingEquation3D) {
  Arena arena;
  expect_values(arena, arena.grating_equation(Kind::grating_angles3d, 95000, -1),
                {{1e-6, 2e-6, 3e-6}, {0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}},
                {{0.195, -0.10999999999999999, 0.985}, {-0.2, -0.05, 0.4}, {0.9601952926358263, 0.9926731586982697, kNan}},
                Direction::forward);
}

TEST(Transforms, GwcsWavelengthFromGratingEquation) {
  Arena arena;
  expect_values(arena, arena.grating_equation(Kind::grating_wavelength, 95000, -1),
                {{0.1, -0.3, 0.7}, {0.9, 0.95, 0.5}},
                {{-1.0526315789473684e-05, -6.842105263157894e-06, -1.263157894736842e-05}}, Direction::forward);
}

TEST(Transforms, JwstAngleFromGratingEquation) {
  Arena arena;
  expect_values(arena, arena.grating_equation(Kind::jwst_grating_angle, 95000, -1),
                {{1e-6, 2e-6, 3e-6}, {0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}, {0.9, 0.95, 0.5}},
                {{-0.0050000000000000044, 0.49, -0.4149999999999999},
                 {-0.2, -0.05, 0.4},
                 {0.9797831392711348, 0.8702873088813832, 0.8171750118548657}},
                Direction::forward);
}

TEST(Transforms, JwstWavelengthFromGratingEquation) {
  Arena arena;
  expect_values(arena, arena.grating_equation(Kind::jwst_grating_wavelength, 95000, -1),
                {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}, {0.9, 0.95, 0.5}},
                {{1.0526315789473684e-05, 6.842105263157894e-06, 1.263157894736842e-05}}, Direction::forward);
}

TEST(Transforms, RefractionIndexFromPrism) {
  Arena arena;
  expect_values(arena, arena.refraction_index_from_prism(16.5),
                {{0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}, {0.9, 0.95, 0.5}},
                {{1.8202437440271284, 1.3178891755289739, 2.1526252023190966}}, Direction::forward);
}

TEST(Transforms, SnellNearReferenceTemperature) {
  Arena arena;
  expect_values(arena, arena.snell(prism(36.7, 0, {-2.66e-05, 0, 0, 0, 0, 0})),
                {{1e-6, 2e-6, 3e-6}, {0.03, -0.09, 0.21}, {0.06, 0.015, -0.12}, {0.9, 0.95, 0.5}},
                {{-0.8035702144726955, -0.6994490975589364, -0.9380389513145615},
                 {-0.06, -0.014999999999999998, 0.12000000000000001},
                 {0.5921781070018599, 0.7145249890129732, 0.32508910442627525}},
                Direction::forward);
}

TEST(Transforms, SnellFarFromReferenceTemperature) {
  Arena arena;
  expect_values(arena, arena.snell(prism(75, 0.5, {-2.66e-05, 1e-8, 1e-10, 4e-7, 5e-10, 0.25})),
                {{1e-6, 2e-6, 3e-6}, {0.03, -0.09, 0.21}, {0.06, 0.015, -0.12}, {0.9, 0.95, 0.5}},
                {{-0.8038411132870541, -0.6997172842657738, -0.9383140057518234},
                 {-0.06, -0.015, 0.12},
                 {0.5918103282213225, 0.7142623622309453, 0.3242943518009019}},
                Direction::forward);
}

TEST(Transforms, Snell3D) {
  Arena arena;
  expect_values(arena, arena.plain(Kind::snell3d), {{1.4, 1.5, 1.6}, {0.1, -0.3, 0.7}, {0.2, 0.05, -0.4}, {0.9, 0.95, 0.5}},
                {{0.07142857142857144, -0.19999999999999998, 0.43749999999999994},
                 {0.14285714285714288, 0.03333333333333333, -0.25},
                 {0.9871624972203753, 0.9792287214378921, 0.8637671850678283}},
                Direction::forward);
}

TEST(Transforms, SellmeierGlass) {
  Arena arena;
  expect_values(arena,
                arena.parametric(Kind::sellmeier_glass,
                                 std::vector<double>{0.58339748, 0.46085267, 3.8915394, 0.00252643, 0.010078333, 1200.556}),
                {{1, 2, 3}}, {{1.4307954289717744, 1.425753771370878, 1.4196961771342342}}, Direction::forward);
}

TEST(Transforms, IdealToV2V3) {
  Arena arena;
  expect_values(
      arena, arena.parametric(Kind::ideal_to_v2v3, std::vector<double>{138.5, 300, -400, -1}), {{10, 200, 359.9}, {-80, 5, 45}},
      {{254.47995335063104, 453.10424439887913, 599.36706608167}, {-333.4573418547224, -271.22076896079756, -195.22605208266123}},
      Direction::forward);
}

TEST(Transforms, V2V3ToIdeal) {
  Arena arena;
  expect_values(arena, arena.parametric(Kind::ideal_to_v2v3, std::vector<double>{138.5, 300, -400, -1}),
                {{10, 200, 359.9}, {-80, 5, 45}},
                {{-5.1587435997746525, 193.46554744847344, 339.72836913126434},
                 {-431.82564463504457, -369.5890717411196, -293.5943548629833}},
                Direction::inverse);
}

TEST(Transforms, MiriAb2Slice) {
  Arena arena;
  expect_values(arena, arena.parametric(Kind::miri_ab_to_slice, std::vector<double>{-1.77, 0.177, 1}),
                {{-1.77, 0, 1.5}},
                {{101.0, 111.0, 119.0}}, Direction::forward);
}

TEST(Transforms, Linear1DInverse) {
  Arena arena;
  expect_values(arena, arena.linear1d(2, 3),
                {{0.1, -0.3, 0.7}},
                {{-1.45, -1.65, -1.15}}, Direction::inverse);
}

}  // namespace
}  // namespace spec2::wcs
