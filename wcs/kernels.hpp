#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// Inner loops over a block of points. Columns are contiguous, 64-byte aligned, and outputs never overlap inputs of the
/// same call unless they are the same column.
namespace spec2::wcs::kernels {

/// What an operation of a Program does with its columns; p are its parameters.
enum class Code : std::uint8_t {
  copy,
  shift,                  ///< x + p0
  scale,                  ///< x * p0
  linear,                 ///< p0 x + p1
  polynomial1d,           ///< size: degree
  polynomial2d,           ///< size: degree; rows of coefficients as kept in the record
  chebyshev1d,            ///< size: degree
  legendre1d,
  chebyshev2d,            ///< size: x degree + 256 * y degree
  legendre2d,
  affine2d,               ///< p: matrix, translation
  matrix3d,               ///< p: 9 entries by row
  spherical_to_cartesian,
  cartesian_to_spherical, ///< option 1: longitude from 0 to 360
  to_direction_cosines,
  from_direction_cosines,
  pix2sky_tan,
  sky2pix_tan,
  rotate_spherical,       ///< p: 9 entries by row; lon, lat in degrees; option 1: longitude from 0 to 360
  tabular1d,              ///< size: points; p as in the record; option: TabularMethod + 2 * TabularBounds
  tabular2d,              ///< size: points0 + 65536 * points1; rest as tabular1d
  logical,                ///< option: Condition
  unitless_to_cosines,
  cosines_to_unitless,
  rotation_to_gwa,        ///< size: rotations; p: axis, cos, sin of each
  grating_angles3d,       ///< p: groove density * order
  grating_wavelength,     ///< p: groove density * order
  jwst_grating_angle,     ///< p: groove density * order
  jwst_grating_wavelength,
  refraction_index,       ///< p: 1 - 2 sin^2, 2 sin cos of the prism angle
  snell,                  ///< p as in the record
  snell3d,
  sellmeier_glass,
  ideal_to_v2v3,          ///< p: cos, sin, v2ref, v3ref, vparity
  v2v3_to_ideal,
  ab_to_slice,
  add,
  subtract,
  multiply,
  divide,
  power,
  select                  ///< region selector; size: branch
};

/// Runs one operation. `in` and `out` are columns of `n` values; `option` and `size` as Program::Operation has them.
void run(Code code, std::uint8_t option, std::uint32_t size, const double* p, const double* const* in, double* const* out,
         std::size_t n);

/// Refraction index of a glass (Sellmeier equation; the form of Zemax when the temperature is 20 K or more above the
/// reference), as Snell.compute_refraction_index of jwst; wavelength in metres, p as in a Kind::snell record.
double refraction_index(double wavelength_m, const double* p);

}  // namespace spec2::wcs::kernels
