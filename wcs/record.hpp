#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "wcs/transform_id.hpp"

namespace spec2::wcs {

/// What a record does. The names in brackets are the models of astropy.modeling (8.0), gwcs (1.0) and
/// stdatamodels.jwst.transforms (6.0) that it stands for; p are its parameters, k its integers, in the order they are
/// kept (`Arena::parameters`, `Arena::integers`). Angles are in degrees unless said otherwise.
enum class Kind : std::uint8_t {
  identity,                ///< [Identity] n inputs handed through
  mapping,                 ///< [Mapping] k: source input of each output
  shift,                   ///< [Shift] p: offset
  scale,                   ///< [Scale] p: factor
  multiply,                ///< [Multiply] p: factor
  constant,                ///< [Const1D; Const2D when it has 2 inputs] p: value
  linear1d,                ///< [Linear1D] p: slope, intercept
  polynomial1d,            ///< [Polynomial1D] k: degree; p: domain(2), window(2), c0..cn
  polynomial2d,            ///< [Polynomial2D] k: degree; p: x domain(2), x window(2), y domain(2), y window(2), then for j = 0..n
                           ///< the coefficients of x^i y^j, i = 0..n-j
  chebyshev1d,             ///< [Chebyshev1D] as polynomial1d
  legendre1d,              ///< [Legendre1D] as polynomial1d
  chebyshev2d,             ///< [Chebyshev2D] k: x degree, y degree; p: domains and windows as polynomial2d, c[i + j * (nx + 1)]
  legendre2d,              ///< [Legendre2D] as chebyshev2d
  affine2d,                ///< [AffineTransformation2D] p: m00, m01, m10, m11, t0, t1
  rotation2d,              ///< [Rotation2D] p: angle
  rotation_sequence3d,     ///< [RotationSequence3D] k: axes (0 x, 1 y, 2 z); p: angles
  spherical_to_cartesian,  ///< [gwcs SphericalToCartesian] p: wrap_lon_at
  cartesian_to_spherical,  ///< [gwcs CartesianToSpherical] p: wrap_lon_at (180 or 360)
  to_direction_cosines,    ///< [gwcs ToDirectionCosines] 3 inputs, 4 outputs
  from_direction_cosines,  ///< [gwcs FromDirectionCosines]
  pix2sky_tan,             ///< [Pix2Sky_TAN / Pix2Sky_Gnomonic]
  sky2pix_tan,             ///< [Sky2Pix_TAN]
  rotate_native2celestial,  ///< [RotateNative2Celestial] p: lon, lat, lon_pole
  rotate_celestial2native,  ///< [RotateCelestial2Native] p: lon, lat, lon_pole
  tabular1d,                ///< [Tabular1D] k: n, TabularMethod, TabularBounds; p: fill value, points(n), values(n)
  tabular2d,            ///< [Tabular2D] k: n0, n1, TabularMethod, TabularBounds; p: fill value, points0, points1, values[n0][n1]
  logical,              ///< [jwst Logical] k: Condition; p: compareto, value
  unitless_to_cosines,  ///< [jwst Unitless2DirCos]
  cosines_to_unitless,  ///< [jwst DirCos2Unitless]
  rotation_to_gwa,      ///< [jwst Rotation3DToGWA] k: axes; p: angles
  grating_angles3d,     ///< [gwcs AnglesFromGratingEquation3D] p: groove density 1/m, order
  grating_wavelength,   ///< [gwcs WavelengthFromGratingEquation] p: groove density, order
  jwst_grating_angle,   ///< [jwst AngleFromGratingEquation] p: groove density, order
  jwst_grating_wavelength,      ///< [jwst WavelengthFromGratingEquation] p: groove density, order
  refraction_index_from_prism,  ///< [jwst RefractionIndexFromPrism] p: prism angle
  snell,                        ///< [jwst Snell] p: angle, tref K, pref atm, temperature K, pressure atm, K(3), L(3), T(6)
  snell3d,                      ///< [gwcs Snell3D]
  sellmeier_glass,              ///< [gwcs SellmeierGlass] p: B(3), C(3) um2; wavelength in um
  ideal_to_v2v3,                ///< [jwst IdealToV2V3] p: v3idlyangle, v2ref, v3ref, vparity
  v2v3_to_ideal,                ///< [jwst V2V3ToIdeal] p: as ideal_to_v2v3
  miri_ab_to_slice,             ///< [jwst MIRI_AB2Slice] p: beta_zero, beta_del, channel
  compose,                      ///< [a | b] k: children a, b
  concatenate,                  ///< [a & b] k: children
  add,                          ///< [a + b] k: children
  subtract,                     ///< [a - b]
  multiply_by,                  ///< [a * b]
  divide,                       ///< [a / b]
  power,                        ///< [a ** b]
  fix_inputs,                   ///< [fix_inputs] k: child, then the fixed inputs; p: their values
  gwa_to_slit,  ///< [jwst Gwa2Slit] k: first slit in the list of slits, then one child for each slit; input 0 is the slit id
  slit_to_gwa,  ///< [jwst Slit2Gwa]
  slit_to_msa,  ///< [jwst Slit2Msa] input 0 is the slit id, output 2 too
  msa_to_slit,  ///< [jwst Msa2Slit] input 2 is the slit id, output 0 too
  slit_to_msa_legacy,  ///< [jwst Slit2MsaLegacy] no slit id on output
  label_mapper,        ///< [gwcs LabelMapper] k: child, inputs mapping or kNone; p: no_label
  label_mapper_array,  ///< [gwcs LabelMapperArray] k: rows, columns, first label; labels[row][column] in a pool of their own
  label_mapper_dict,   ///< [gwcs LabelMapperDict] k: inputs mapping or kNone, one child a key; p: no_label, atol, keys
  label_mapper_range,  ///< [gwcs LabelMapperRange] k: inputs mapping or kNone, one child a range; p: no_label, low, high of each
  regions_selector,    ///< [gwcs RegionsSelector] k: label mapper, one child a label; p: undefined value, labels
};
std::string_view to_string(Kind kind) noexcept;

enum class Condition : std::uint32_t { greater, less, equal, not_equal };  ///< GT, LT, EQ, NE
enum class TabularMethod : std::uint32_t { linear, nearest };
/// What a table gives outside its points: `fill_value`, the line through its two outermost points (fill_value None in
/// astropy), or NaN where astropy would raise (bounds_error true).
enum class TabularBounds : std::uint32_t { fill, extrapolate, error };

/// An open slit, slitlet or IFU slice as the transforms of the peer list it (stdatamodels.jwst.transforms.models.Slit).
/// IFU slices have an id only (`slit_id`, `is_slice`).
struct SlitDescription {
  std::string name;             ///< "S200A1", or the number of the slitlet
  std::int64_t shutter_id = 0;  ///< from 1 in quadrants 1-4, from 0 in quadrant 5 (fixed slits)
  std::int64_t dither_position = 0;
  double xcen = 0.0;            ///< row and column of the main shutter
  double ycen = 0.0;
  double ymin = 0.0;            ///< edges relative to the open area of the main shutter
  double ymax = 0.0;
  std::int64_t quadrant = 0;    ///< 5: fixed slits
  std::int64_t source_id = 0;
  std::string shutter_state;    ///< "11x11"; empty for fixed slits
  std::string source_name;
  std::string source_alias;
  double stellarity = 0.0;
  double source_xpos = 0.0;     ///< fractions of the slit from its centre
  double source_ypos = 0.0;
  double source_ra = 0.0;       ///< degrees
  double source_dec = 0.0;
  double slit_xscale = 1.0;
  double slit_yscale = 1.0;
  std::int64_t slit_id = -9999; ///< -101..-105 for fixed slits, the slitlet number for MOS, 0..29 for slices
  bool numeric_name = false;    ///< the name is an integer (MOS) and is written as one
  bool is_slice = false;        ///< the list holds bare ids
};

/// A box in the inputs of a transform: points outside [low, high] give NaN. Axis 0 is x.
struct BoundingBox {
  std::uint32_t axes = 0;  ///< 0: no box
  std::array<double, 3> low{};
  std::array<double, 3> high{};

  explicit operator bool() const noexcept { return axes != 0; }
  static BoundingBox xy(double x_low, double x_high, double y_low, double y_high) {
    return {2, {x_low, y_low, 0.0}, {x_high, y_high, 0.0}};
  }
};

/// One transform as it lies in the arena. Trivially destructible; what has no fixed size lies in the pools of the arena.
struct Record {
  static constexpr std::uint32_t kNone = TransformId::kNone;
  Kind kind = Kind::identity;
  std::uint8_t inputs = 1;
  std::uint8_t outputs = 1;
  std::uint32_t name = kNone;          ///< text
  std::uint32_t inverse = kNone;       ///< record set as the inverse by hand (`_user_inverse` of astropy)
  std::uint32_t first_parameter = 0;   ///< in the pool of doubles
  std::uint32_t parameter_count = 0;
  std::uint32_t first_integer = 0;     ///< in the pool of integers
  std::uint32_t integer_count = 0;
  std::uint32_t input_names = kNone;   ///< integers pool: one text a name; kNone: the names astropy gives
  std::uint32_t output_names = kNone;
  std::uint32_t box = kNone;           ///< doubles pool: axes, then low, high of each
};
static_assert(std::is_trivially_destructible_v<Record> && std::is_trivially_copyable_v<Record>);

}  // namespace spec2::wcs
