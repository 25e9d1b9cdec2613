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
  polynomial1d,           ///< domain map p0 + p1 x, then coefficients
  polynomial2d,           ///< domain maps p0 + p1 x, p2 + p3 y, then rows as kept in the record
  chebyshev1d,
  legendre1d,
  chebyshev2d,
  legendre2d,
  affine2d,               ///< p: matrix, translation
  matrix3d,               ///< p: 9 entries by row
  spherical_to_cartesian,
  cartesian_to_spherical, ///< p0: wrap
  to_direction_cosines,
  from_direction_cosines,
  pix2sky_tan,
  sky2pix_tan,
  rotate_spherical,       ///< p: 9 entries by row; lon, lat in degrees; option 1: longitude from 0 to 360
  tabular1d,
  tabular2d,
  logical,
  unitless_to_cosines,
  cosines_to_unitless,
  rotation_to_gwa,        ///< p: cos and sin of each angle; option bits: two for each axis
  grating_angles3d,       ///< p0: groove density * order
  grating_wavelength,     ///< p0: groove density * order
  jwst_grating_angle,
  jwst_grating_wavelength,
  refraction_index,       ///< p: 1 - 2 sin^2, 2 sin cos of the prism angle
  snell,
  snell3d,
  sellmeier_glass,
  ideal_to_v2v3,
  v2v3_to_ideal,
  ab_to_slice,
  add,
  subtract,
  multiply,
  divide,
  power,
  select                  ///< region selector
};

/// Runs one operation. `in` and `out` are columns of `n` values; `option` and `size` as Program::Operation has them.
void run(Code code, std::uint8_t option, std::uint32_t size, const double* p, const double* const* in, double* const* out,
         std::size_t n);

}  // namespace spec2::wcs::kernels
