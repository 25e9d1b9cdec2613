#pragma once

#include <cmath>
#include <limits>
#include <numbers>

/// Sine, cosine and arc tangent without branches and without calls, so that loops over points fill vector lanes with them (the
/// library's take points one by one). Within 2.2 units in the last place; the same bits for a point wherever it stands in a
/// loop, and on every processor. NaN gives NaN. The polynomials are those of fdlibm (Sun Microsystems 1993), which hold on
/// these ranges.
namespace spec2 {

struct SineCosine {
  double sine;
  double cosine;
};

namespace angles {

/// To the nearest whole number, halves to the even one, for values below 2^51.
inline __attribute__((always_inline)) double nearest_whole(double value) {
  constexpr double kShift = 0x1.8p52;
  return (value + kShift) - kShift;
}

}  // namespace angles

/// Of an angle in degrees. The turn is taken off exactly, in degrees; beyond 1e12 degrees, where no digits are left of it, NaN.
inline __attribute__((always_inline)) SineCosine sine_cosine_deg(double degrees) {
  constexpr double kDegree = std::numbers::pi / 180.0;
  const double quarters = angles::nearest_whole(degrees / 90.0);
  const double rest = degrees - 90.0 * quarters;
  const double x = std::fabs(degrees) < 1.0e12 ? rest * kDegree : std::numeric_limits<double>::quiet_NaN();
  const double z = x * x;
  const double s = x + x * z *
      (-1.66666666666666324348e-01 + z * (8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04 +
       z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)))));
  const double high = z * z *
      (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * (2.48015872894767294178e-05 +
       z * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
  const double half = 0.5 * z, whole = 1.0 - half;
  const double c = whole + (((1.0 - whole) - half) + high);
  // -2, -1, 0, 1 or 2 quarters.
  const double turn = quarters - 4.0 * angles::nearest_whole(0.25 * quarters);
  const bool odd = std::fabs(turn) == 1.0;
  const double sine = odd ? c : s, cosine = odd ? s : c;
  return {turn < 0.0 || turn > 1.5 ? -sine : sine, turn > 0.5 || turn < -1.5 ? -cosine : cosine};
}

/// std::atan2 in radians.
inline __attribute__((always_inline)) double arc_tangent(double y, double x) {
  constexpr double kQuarter = std::numbers::pi / 2.0, kQuarterRest = 6.123233995736766e-17;
  constexpr double kEighth = 0.41421356237309503;  // tan(pi / 8)
  const double a = std::fabs(x), b = std::fabs(y);
  const bool steep = b > a;
  const double low = steep ? a : b, high = steep ? b : a;
  const bool equal = low == high;
  // About 45 degrees when that is nearer than 0.
  const bool middle = low > kEighth * high || (equal && low > 0.0);
  const double above = middle ? low - high : low, below = middle ? low + high : high;
  const double quotient = above / below;
  const double t = equal ? 0.0 : quotient;
  const double z = t * t, w = z * z;
  const double even = z * (3.33333333333329318027e-01 + w * (1.42857142725034663711e-01 + w * (9.09088713343650656196e-02 +
                      w * (6.66107313738753120669e-02 + w * (4.97687799461593236017e-02 + w * 1.62858201153657823623e-02)))));
  const double odd = w * (-1.99999999998764832476e-01 + w * (-1.11111104054623557880e-01 + w * (-7.69187620504482999495e-02 +
                     w * (-5.83357013379057348645e-02 + w * -3.65315727442169155270e-02))));
  const double small = t - t * (even + odd);
  const double part = middle ? 0.5 * kQuarter + (small + 0.5 * kQuarterRest) : small;
  const bool left = std::copysign(1.0, x) < 0.0;
  const double quarters = steep ? 1.0 : left ? 2.0 : 0.0;
  const double turned = steep != left ? -part : part;
  return std::copysign(quarters * kQuarter + (turned + quarters * kQuarterRest), y);
}

}  // namespace spec2
