#include "core/math/angles.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

namespace spec2 {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Distance from the true value in units in the last place of it.
double units(double value, long double truth) {
  int exponent = 0;
  std::frexp(static_cast<double>(truth), &exponent);
  return static_cast<double>(std::fabs(value - truth)) / std::ldexp(1.0, exponent - 53);
}

/// Sine in extended precision; whole quarters are taken off in degrees, where that is exact.
long double true_sine(double degrees, int quarters_ahead) {
  const long double quarters = std::rint(static_cast<long double>(degrees) / 90.0L);
  const long double rest = (static_cast<long double>(degrees) - 90.0L * quarters) * std::numbers::pi_v<long double> / 180.0L;
  switch ((static_cast<std::int64_t>(quarters) + quarters_ahead) & 3) {
    case 0: return std::sin(rest);
    case 1: return std::cos(rest);
    case 2: return -std::sin(rest);
    default: return -std::cos(rest);
  }
}

TEST(Angles, SineAndCosineAreWithinTwoUnits) {
  std::mt19937_64 random(1);
  for (const double range : {1e-6, 0.1, 45.0, 400.0, 1e5}) {
    std::uniform_real_distribution<double> any(-range, range);
    for (int i = 0; i < 20000; ++i) {
      const double degrees = any(random);
      const SineCosine found = sine_cosine_deg(degrees);
      ASSERT_LE(units(found.sine, true_sine(degrees, 0)), 2.0) << degrees;
      ASSERT_LE(units(found.cosine, true_sine(degrees, 1)), 2.0) << degrees;
    }
  }
}

TEST(Angles, WholeQuartersAreExact) {
  const double sines[] = {0.0, 1.0, 0.0, -1.0};
  for (int quarter = -9; quarter <= 9; ++quarter) {
    const SineCosine found = sine_cosine_deg(90.0 * quarter);
    EXPECT_EQ(found.sine, sines[quarter & 3]) << quarter;
    EXPECT_EQ(found.cosine, sines[(quarter + 1) & 3]) << quarter;
  }
}

TEST(Angles, NoAngleGivesNoSine) {
  for (const double degrees : {kNaN, std::numeric_limits<double>::infinity(), 1e300}) {
    EXPECT_TRUE(std::isnan(sine_cosine_deg(degrees).sine)) << degrees;
    EXPECT_TRUE(std::isnan(sine_cosine_deg(degrees).cosine)) << degrees;
  }
}

TEST(Angles, ArcTangentIsWithinTwoUnits) {
  std::mt19937_64 random(2);
  std::normal_distribution<double> any;
  for (const double shrunk : {1.0, 1e-4, 1e-9}) {
    for (int i = 0; i < 20000; ++i) {
      const double y = any(random), x = any(random) * shrunk;
      ASSERT_LE(units(arc_tangent(y, x), std::atan2(static_cast<long double>(y), static_cast<long double>(x))), 2.2)
          << y << ' ' << x;
      ASSERT_LE(units(arc_tangent(x, y), std::atan2(static_cast<long double>(x), static_cast<long double>(y))), 2.2)
          << x << ' ' << y;
    }
  }
}

TEST(Angles, ArcTangentOfSpecialValuesIsThatOfTheLibrary) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double values[] = {0.0, -0.0, 1.0, -1.0, infinity, -infinity, kNaN, 1e-310, 1e300};
  for (const double y : values) {
    for (const double x : values) {
      const double found = arc_tangent(y, x), expected = std::atan2(y, x);
      if (std::isnan(expected)) EXPECT_TRUE(std::isnan(found)) << y << ' ' << x;
      else EXPECT_EQ(std::bit_cast<std::uint64_t>(found), std::bit_cast<std::uint64_t>(expected)) << y << ' ' << x;
    }
  }
}

}  // namespace
}  // namespace spec2
