#include "wcs/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/math/angles.hpp"
#include "core/processor_clones.hpp"
#include "wcs/kernels_loops.hpp"
#include "wcs/kernels_optics.hpp"
#include "wcs/kernels_table.hpp"

namespace spec2::wcs::kernels {

namespace {

constexpr double kRadian = 180.0 / std::numbers::pi;

// The loops go over the points inside, so that the compiler fills vector lanes with points; coefficients are broadcast.

/// Horner's scheme in x of the coefficients row[0..kDegree], written out so that the loop over points has nothing inside.
template <int kDegree>
inline __attribute__((always_inline)) double horner(const double* row, double x) {
  double sum = row[kDegree];
#pragma GCC unroll 8
  for (int i = kDegree - 1; i >= 0; --i) sum = sum * x + row[i];
  return sum;
}

/// Horner's scheme in y of polynomials in x: rows j = 0..kDegree have kDegree + 1 - j coefficients.
template <int kDegree, int kRow>
inline __attribute__((always_inline)) double horner2d(const double* c, double x, double y, double above) {
  constexpr int kFirst = kRow * (kDegree + 1) - kRow * (kRow - 1) / 2;
  const double sum = above * y + horner<kDegree - kRow>(c + kFirst, x);
  if constexpr (kRow == 0) return sum;
  else return horner2d<kDegree, kRow - 1>(c, x, y, sum);
}

template <int kDegree>
inline __attribute__((always_inline)) void polynomial2d_fixed(const double* c, const double* x, const double* y, double* out,
                                                              std::size_t n) {
  constexpr int kCount = (kDegree + 1) * (kDegree + 2) / 2;
  double own[kCount];
  std::copy_n(c, kCount, own);
  // A point reads only its own place of x and y, also where `out` is one of them.
#pragma GCC ivdep
  for (std::size_t k = 0; k < n; ++k) out[k] = horner2d<kDegree, kDegree>(own, x[k], y[k], 0.0);
}

void polynomial2d_any(int degree, const double* c, const double* x, const double* y, double* out, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) {
    const double* row = c + (degree + 1) * (degree + 2) / 2;
    double sum = 0.0;
    for (int j = degree; j >= 0; --j) {
      row -= degree + 1 - j;
      double inner = row[degree - j];
      for (int i = degree - j - 1; i >= 0; --i) inner = inner * x[k] + row[i];
      sum = sum * y[k] + inner;
    }
    out[k] = sum;
  }
}

void polynomial2d(std::uint32_t degree, const double* c, const double* x, const double* y, double* out, std::size_t n) {
  switch (degree) {
    case 1: return polynomial2d_fixed<1>(c, x, y, out, n);
    case 2: return polynomial2d_fixed<2>(c, x, y, out, n);
    case 3: return polynomial2d_fixed<3>(c, x, y, out, n);
    case 4: return polynomial2d_fixed<4>(c, x, y, out, n);
    case 5: return polynomial2d_fixed<5>(c, x, y, out, n);
    default: return polynomial2d_any(static_cast<int>(degree), c, x, y, out, n);
  }
}

void polynomial1d(std::uint32_t degree, const double* c, const double* x, double* out, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) {
    double sum = c[degree];
    for (std::uint32_t i = degree; i-- > 0;) sum = sum * x[k] + c[i];
    out[k] = sum;
  }
}

// Clenshaw's recurrence; for Legendre T(k+1) = ((2k + 1) x T(k) - k T(k-1)) / (k + 1).
double series(bool legendre, std::uint32_t degree, const double* c, double x) {
  double b1 = 0.0, b2 = 0.0;
  for (std::uint32_t k = degree; k >= 1; --k) {
    const double alpha = legendre ? (2.0 * k + 1.0) / (k + 1.0) * x : 2.0 * x;
    const double beta = legendre ? -(k + 1.0) / (k + 2.0) : -1.0;
    const double b = c[k] + alpha * b1 + beta * b2;
    b2 = b1;
    b1 = b;
  }
  return legendre ? c[0] + x * b1 - 0.5 * b2 : c[0] + x * b1 - b2;
}

void series2d(bool legendre, std::uint32_t size, const double* c, const double* x, const double* y, double* out, std::size_t n) {
  const std::uint32_t nx = size % 256, ny = size / 256;
  for (std::size_t k = 0; k < n; ++k) {
    double rows[256];
    for (std::uint32_t j = 0; j <= ny; ++j) rows[j] = series(legendre, nx, c + std::size_t{j} * (nx + 1), x[k]);
    out[k] = series(legendre, ny, rows, y[k]);
  }
}

void spherical_to_cartesian(const double* lon, const double* lat, double* x, double* y, double* z, std::size_t n) {
#pragma GCC ivdep
  for (std::size_t k = 0; k < n; ++k) {
    const SineCosine l = sine_cosine_deg(lon[k]), b = sine_cosine_deg(lat[k]);
    x[k] = b.cosine * l.cosine;
    y[k] = b.cosine * l.sine;
    z[k] = b.sine;
  }
}

void cartesian_to_spherical(bool from_zero, const double* x, const double* y, const double* z, double* lon, double* lat,
                            std::size_t n) {
  const double turn = from_zero ? 360.0 : 0.0;
#pragma GCC ivdep
  for (std::size_t k = 0; k < n; ++k) {
    const double h = std::sqrt(x[k] * x[k] + y[k] * y[k]);
    const double l = h == 0.0 ? 0.0 : arc_tangent(y[k], x[k]) * kRadian;
    lat[k] = arc_tangent(z[k], h) * kRadian;
    lon[k] = l < 0.0 ? l + turn : l;
  }
}

void rotate_spherical(const double* m, bool from_zero, const double* lon, const double* lat, double* lon_out, double* lat_out,
                      std::size_t n) {
  const double turn = from_zero ? 360.0 : 0.0;
#pragma GCC ivdep
  for (std::size_t k = 0; k < n; ++k) {
    const SineCosine l = sine_cosine_deg(lon[k]), b = sine_cosine_deg(lat[k]);
    const double x = b.cosine * l.cosine, y = b.cosine * l.sine, z = b.sine;
    const double u = m[0] * x + m[1] * y + m[2] * z, v = m[3] * x + m[4] * y + m[5] * z, w = m[6] * x + m[7] * y + m[8] * z;
    const double turned = arc_tangent(v, u) * kRadian;
    lon_out[k] = turned < 0.0 ? turned + turn : turned;
    lat_out[k] = arc_tangent(w, std::sqrt(u * u + v * v)) * kRadian;
  }
}

void pix2sky_tan(const double* x, const double* y, double* phi, double* theta, std::size_t n) {
#pragma GCC ivdep
  for (std::size_t k = 0; k < n; ++k) {
    const double r = std::sqrt(x[k] * x[k] + y[k] * y[k]);
    phi[k] = r == 0.0 ? 0.0 : arc_tangent(x[k], -y[k]) * kRadian;
    theta[k] = arc_tangent(kRadian, r) * kRadian;
  }
}

void sky2pix_tan(const double* phi, const double* theta, double* x, double* y, std::size_t n) {
#pragma GCC ivdep
  for (std::size_t k = 0; k < n; ++k) {
    const SineCosine latitude = sine_cosine_deg(theta[k]), turn = sine_cosine_deg(phi[k]);
    const double ratio = kRadian * latitude.cosine / latitude.sine;
    const double r = latitude.sine <= 0.0 ? std::numeric_limits<double>::quiet_NaN() : ratio;
    x[k] = r * turn.sine;
    y[k] = -r * turn.cosine;
  }
}

void matrix3d(const double* m, const double* const* in, double* const* out, std::size_t n) {
  const double *x = in[0], *y = in[1], *z = in[2];
  for (std::size_t row = 0; row < 3; ++row) {
    const double a = m[3 * row], b = m[3 * row + 1], c = m[3 * row + 2];
    double* o = out[row];
    for (std::size_t k = 0; k < n; ++k) o[k] = a * x[k] + b * y[k] + c * z[k];
  }
}

void logical(std::uint8_t condition, double compare_to, double value, const double* x, double* out, std::size_t n) {
  // NaN compares false (and unequal); the peer leaves NaN alone.
  switch (condition) {
    case 0:
      for (std::size_t k = 0; k < n; ++k) out[k] = x[k] > compare_to ? value : x[k];
      return;
    case 1:
      for (std::size_t k = 0; k < n; ++k) out[k] = x[k] < compare_to ? value : x[k];
      return;
    case 2:
      for (std::size_t k = 0; k < n; ++k) out[k] = x[k] == compare_to ? value : x[k];
      return;
    default:
      for (std::size_t k = 0; k < n; ++k) out[k] = x[k] != compare_to && x[k] == x[k] ? value : x[k];
      return;
  }
}

void run_direction(Code code, std::uint8_t option, const double* p, const double* const* in, double* const* out, std::size_t n) {
  switch (code) {
    case Code::spherical_to_cartesian: return spherical_to_cartesian(in[0], in[1], out[0], out[1], out[2], n);
    case Code::cartesian_to_spherical: return cartesian_to_spherical(option == 1, in[0], in[1], in[2], out[0], out[1], n);
    case Code::rotate_spherical: return rotate_spherical(p, option == 1, in[0], in[1], out[0], out[1], n);
    case Code::pix2sky_tan: return pix2sky_tan(in[0], in[1], out[0], out[1], n);
    case Code::sky2pix_tan: return sky2pix_tan(in[0], in[1], out[0], out[1], n);
    case Code::matrix3d: return matrix3d(p, in, out, n);
    case Code::unitless_to_cosines:
    case Code::to_direction_cosines:
      for (std::size_t k = 0; k < n; ++k) {
        const double x = in[0][k], y = in[1][k], length = std::sqrt(1.0 + x * x + y * y);
        out[0][k] = x / length;
        out[1][k] = y / length;
        out[2][k] = 1.0 / length;
        if (code == Code::to_direction_cosines) out[3][k] = length;
      }
      return;
    case Code::from_direction_cosines:
      for (int i = 0; i < 3; ++i) {
        for (std::size_t k = 0; k < n; ++k) out[i][k] = in[i][k] * in[3][k];
      }
      return;
    default:
      for (std::size_t k = 0; k < n; ++k) {  // cosines_to_unitless
        out[0][k] = in[0][k] / in[2][k];
        out[1][k] = in[1][k] / in[2][k];
      }
      return;
  }
}

}  // namespace

SPEC2_CLONES void run(Code code, std::uint8_t option, std::uint32_t size, const double* p, const double* const* in,
                      double* const* out, std::size_t n) {
  switch (code) {
    case Code::copy: return change(in[0], out[0], n, [](double x) { return x; });
    case Code::shift: {
      const double offset = p[0];
      return change(in[0], out[0], n, [offset](double x) { return x + offset; });
    }
    case Code::scale: {
      const double factor = p[0];
      return change(in[0], out[0], n, [factor](double x) { return x * factor; });
    }
    case Code::linear: {
      const double slope = p[0], offset = p[1];
      return change(in[0], out[0], n, [slope, offset](double x) { return slope * x + offset; });
    }
    case Code::polynomial1d: return polynomial1d(size, p, in[0], out[0], n);
    case Code::polynomial2d: return polynomial2d(size, p, in[0], in[1], out[0], n);
    case Code::chebyshev1d:
    case Code::legendre1d:
      return change(in[0], out[0], n, [=](double x) { return series(code == Code::legendre1d, size, p, x); });
    case Code::chebyshev2d:
    case Code::legendre2d: return series2d(code == Code::legendre2d, size, p, in[0], in[1], out[0], n);
    case Code::affine2d: {
      const double a = p[0], b = p[1], c = p[2], d = p[3], s = p[4], t = p[5];
      const double *x = in[0], *y = in[1];
      double *u = out[0], *v = out[1];
      for (std::size_t k = 0; k < n; ++k) {
        u[k] = a * x[k] + b * y[k] + s;
        v[k] = c * x[k] + d * y[k] + t;
      }
      return;
    }
    case Code::tabular1d: return table1d(option, size, p, in[0], out[0], n);
    case Code::tabular2d: return table2d(option, size, p, in[0], in[1], out[0], n);
    case Code::logical: return logical(option, p[0], p[1], in[0], out[0], n);
    case Code::add: return combine(in, out[0], n, [](double a, double b) { return a + b; });
    case Code::subtract: return combine(in, out[0], n, [](double a, double b) { return a - b; });
    case Code::multiply: return combine(in, out[0], n, [](double a, double b) { return a * b; });
    case Code::divide: return combine(in, out[0], n, [](double a, double b) { return a / b; });
    case Code::power: return combine(in, out[0], n, [](double a, double b) { return std::pow(a, b); });
    case Code::select: return;
    case Code::matrix3d:
    case Code::spherical_to_cartesian:
    case Code::cartesian_to_spherical:
    case Code::to_direction_cosines:
    case Code::from_direction_cosines:
    case Code::pix2sky_tan:
    case Code::sky2pix_tan:
    case Code::rotate_spherical:
    case Code::unitless_to_cosines:
    case Code::cosines_to_unitless: return run_direction(code, option, p, in, out, n);
    default: return run_optics(code, size, p, in, out, n);
  }
}

}  // namespace spec2::wcs::kernels
