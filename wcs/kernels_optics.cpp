#include "wcs/kernels_optics.hpp"

#include <cmath>
#include <numbers>

#include "core/processor_clones.hpp"
#include "wcs/kernels_loops.hpp"

namespace spec2::wcs::kernels {
namespace {

constexpr double kDegree = std::numbers::pi / 180.0;

void unit_z(const double* x, const double* y, double* z, std::size_t n) {
#pragma GCC ivdep
  for (std::size_t k = 0; k < n; ++k) z[k] = std::sqrt(1.0 - x[k] * x[k] - y[k] * y[k]);
}

// Each rotation takes z anew from the unit length, as Rotation3DToGWA does, and so loses its sign.
void rotation_to_gwa(std::uint32_t count, const double* p, const double* const* in, double* const* out, std::size_t n) {
  double *x = out[0], *y = out[1], *z = out[2];
  for (std::size_t k = 0; k < n; ++k) {
    x[k] = in[0][k];
    y[k] = in[1][k];
    z[k] = in[2][k];
  }
  for (std::uint32_t i = 0; i < count; ++i, p += 3) {
    const double c = p[1], s = p[2];
    if (p[0] == 0.0) {
      for (std::size_t k = 0; k < n; ++k) y[k] = y[k] * c + z[k] * s;
    } else if (p[0] == 1.0) {
      for (std::size_t k = 0; k < n; ++k) x[k] = x[k] * c - z[k] * s;
    } else {
      for (std::size_t k = 0; k < n; ++k) {
        const double turned = x[k] * c + y[k] * s;
        y[k] = -x[k] * s + y[k] * c;
        x[k] = turned;
      }
    }
    // z is not looked at by a rotation about z.
    if (i + 1 == count || p[3] != 2.0) unit_z(x, y, z, n);
  }
}

void grating_angles(double density_order, double sign_of_alpha, const double* lam, const double* alpha, const double* beta,
                    double* const* out, std::size_t n) {
  double *a = out[0], *b = out[1], *g = out[2];
  for (std::size_t k = 0; k < n; ++k) {
    a[k] = -density_order * lam[k] + sign_of_alpha * alpha[k];
    b[k] = -beta[k];
  }
  unit_z(a, b, g, n);
}

double sellmeier(double lam_um, const double* b, const double* c) {
  const double l2 = lam_um * lam_um;
  return std::sqrt(1.0 + b[0] * l2 / (l2 - c[0]) + b[1] * l2 / (l2 - c[1]) + b[2] * l2 / (l2 - c[2]));
}

// gwcs.spectroscopy.SellmeierZemax: index of the cold glass relative to the air at its own temperature and pressure.
double sellmeier_zemax(double lam_um, const double* p) {
  const double temperature = p[3] - 273.15, reference = p[1] - 273.15, delta = temperature - reference;
  const double l2 = lam_um * lam_um;
  const double air = 1.0 + (6432.8 + 2949810.0 * l2 / (146.0 * l2 - 1.0) + 5540.0 * l2 / (41.0 * l2 - 1.0)) * 1e-8;
  const double air_observed = 1.0 + (air - 1.0) * p[4] / (1.0 + (temperature - 15.0) * 3.4785e-3);
  const double air_reference = 1.0 + (air - 1.0) * p[2] / (1.0 + (reference - 15.0) * 3.4785e-3);
  const double relative_lam = lam_um * air_observed / air_reference;
  const double n = sellmeier(relative_lam, p + 5, p + 8);
  const double* t = p + 11;
  const double change = 0.5 * (n * n - 1.0) / n *
                        (t[0] * delta + t[1] * delta * delta + t[2] * delta * delta * delta +
                         (t[3] * delta + t[4] * delta * delta) / (relative_lam * relative_lam - t[5] * t[5]));
  return (n * air_reference + change) / air_observed;
}

// Into the prism, to its back, reflected there, and out again (jwst Snell; ESA-JWST-TN-20724 5.3.3).
void snell(const double* p, const double* const* in, double* const* out, std::size_t n) {
  const double c = std::cos(p[0] * kDegree), s = std::sin(p[0] * kDegree);
  for (std::size_t k = 0; k < n; ++k) {
    const double index = refraction_index(in[0][k], p);
    double x = in[1][k] / index, y = in[2][k] / index;
    double z = std::sqrt(1.0 - x * x - y * y);
    x = x * c - z * s;
    z = std::sqrt(1.0 - x * x - y * y);
    x = -x;
    y = -y;
    x = x * c + z * s;
    const double back = 1.0 / index;
    x /= back;
    y /= back;
    out[0][k] = x;
    out[1][k] = y;
    out[2][k] = std::sqrt(1.0 - x * x - y * y);
  }
}

}  // namespace

double refraction_index(double wavelength_m, const double* p) {
  return p[3] - p[1] < 20.0 ? sellmeier(wavelength_m * 1e6, p + 5, p + 8) : sellmeier_zemax(wavelength_m * 1e6, p);
}

SPEC2_CLONES void run_optics(Code code, std::uint32_t size, const double* p, const double* const* in, double* const* out,
                             std::size_t n) {
  switch (code) {
    case Code::rotation_to_gwa: return rotation_to_gwa(size, p, in, out, n);
    case Code::grating_angles3d: return grating_angles(p[0], 1.0, in[0], in[1], in[2], out, n);
    case Code::jwst_grating_angle: return grating_angles(p[0], -1.0, in[0], in[1], in[2], out, n);
    case Code::grating_wavelength: {
      const double density_order = p[0];
      return combine(in, out[0], n, [density_order](double a, double b) { return (a + b) / density_order; });
    }
    case Code::jwst_grating_wavelength: {
      const double* const ends[] = {in[0], in[2]};
      const double density_order = p[0];
      return combine(ends, out[0], n, [density_order](double a, double b) { return -(a + b) / density_order; });
    }
    case Code::refraction_index: {
      const double straight = p[0], across = p[1];
      const double *a = in[0], *b = in[1], *o = in[2];
      for (std::size_t k = 0; k < n; ++k) {
        const double t = (o[k] + a[k] * straight) / across;
        out[0][k] = std::sqrt(t * t + a[k] * a[k] + b[k] * b[k]);
      }
      return;
    }
    case Code::snell: return snell(p, in, out, n);
    case Code::snell3d:
      for (std::size_t k = 0; k < n; ++k) {
        out[0][k] = in[1][k] / in[0][k];
        out[1][k] = in[2][k] / in[0][k];
      }
      return unit_z(out[0], out[1], out[2], n);
    case Code::sellmeier_glass: return change(in[0], out[0], n, [p](double lam) { return sellmeier(lam, p, p + 3); });
    case Code::ideal_to_v2v3:
      for (std::size_t k = 0; k < n; ++k) {
        out[0][k] = p[2] + p[4] * in[0][k] * p[0] + in[1][k] * p[1];
        out[1][k] = p[3] - p[4] * in[0][k] * p[1] + in[1][k] * p[0];
      }
      return;
    case Code::v2v3_to_ideal:
      for (std::size_t k = 0; k < n; ++k) {
        const double v2 = in[0][k] - p[2], v3 = in[1][k] - p[3];
        out[0][k] = p[4] * (v2 * p[0] - v3 * p[1]);
        out[1][k] = v2 * p[1] + v3 * p[0];
      }
      return;
    default:  // ab_to_slice
      return change(in[0], out[0], n, [p](double beta) { return std::floor(p[2] * 100.0 + (beta - p[0]) / p[1] + 1.0 + 0.5); });
  }
}

}  // namespace spec2::wcs::kernels
