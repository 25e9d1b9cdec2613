#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "wcs/program_builder.hpp"

namespace spec2::wcs {

using kernels::Code;

namespace {

constexpr double kDegree = std::numbers::pi / 180.0;

using Matrix = std::array<double, 9>;

Matrix product(const Matrix& a, const Matrix& b) {
  Matrix c{};
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 3; ++k) c[i * 3 + j] += a[i * 3 + k] * b[k * 3 + j];
    }
  }
  return c;
}

// Rotation of the axes (not of the vector) by an angle about axis x, y or z, as astropy's rotation_matrix.
Matrix axis_rotation(std::uint32_t axis, double angle_rad) {
  const double c = std::cos(angle_rad), s = std::sin(angle_rad);
  Matrix m{1, 0, 0, 0, 1, 0, 0, 0, 1};
  const std::size_t a = (axis + 1) % 3, b = (axis + 2) % 3;
  m[a * 3 + a] = m[b * 3 + b] = c;
  m[a * 3 + b] = s;
  m[b * 3 + a] = -s;
  return m;
}

Matrix rotation_sequence(std::span<const std::uint32_t> axes, std::span<const double> angles_rad) {
  Matrix m{1, 0, 0, 0, 1, 0, 0, 0, 1};
  for (std::size_t i = 0; i < axes.size(); ++i) m = product(axis_rotation(axes[i], angles_rad[i]), m);
  return m;
}

// Euler angles of RotateNative2Celestial and RotateCelestial2Native (axes z, x, z).
Matrix celestial_rotation(Kind kind, std::span<const double> p) {
  const double lon = p[0] * kDegree, lat = p[1] * kDegree, pole = p[2] * kDegree;
  const double quarter = std::numbers::pi / 2.0;
  const std::uint32_t axes[] = {2, 0, 2};
  if (kind == Kind::rotate_native2celestial) {
    const double angles[] = {pole - quarter, -(quarter - lat), -(quarter + lon)};
    return rotation_sequence(axes, angles);
  }
  const double angles[] = {quarter + lon, quarter - lat, -(pole - quarter)};
  return rotation_sequence(axes, angles);
}

}  // namespace

ProgramBuilder::Values ProgramBuilder::emit_optics(Kind kind, int outputs, std::span<const double> p,
                                                   std::span<const std::uint32_t> k, bool in_pool, const Values& in) {
  switch (kind) {
    case Kind::rotation_sequence3d: {
      std::vector<double> angles(p.begin(), p.end());
      for (double& angle : angles) angle *= kDegree;
      return operation(Code::matrix3d, in, outputs, rotation_sequence(k, angles), false);
    }
    case Kind::rotate_native2celestial:
    case Kind::rotate_celestial2native:
      return operation(Code::rotate_spherical, in, outputs, celestial_rotation(kind, p), false, 1);
    case Kind::rotation_to_gwa: {
      std::vector<double> turns;
      for (std::size_t i = 0; i < k.size(); ++i) {
        turns.insert(turns.end(), {static_cast<double>(k[i]), std::cos(p[i] * kDegree), std::sin(p[i] * kDegree)});
      }
      return operation(Code::rotation_to_gwa, in, outputs, turns, false, 0, static_cast<std::uint32_t>(k.size()));
    }
    case Kind::spherical_to_cartesian: return operation(Code::spherical_to_cartesian, in, outputs, {}, false);
    case Kind::cartesian_to_spherical: return operation(Code::cartesian_to_spherical, in, outputs, {}, false, p[0] != 180.0);
    case Kind::to_direction_cosines: return operation(Code::to_direction_cosines, in, outputs, {}, false);
    case Kind::from_direction_cosines: return operation(Code::from_direction_cosines, in, outputs, {}, false);
    case Kind::pix2sky_tan: return operation(Code::pix2sky_tan, in, outputs, {}, false);
    case Kind::sky2pix_tan: return operation(Code::sky2pix_tan, in, outputs, {}, false);
    case Kind::unitless_to_cosines: return operation(Code::unitless_to_cosines, in, outputs, {}, false);
    case Kind::cosines_to_unitless: return operation(Code::cosines_to_unitless, in, outputs, {}, false);
    case Kind::grating_angles3d:
    case Kind::grating_wavelength:
    case Kind::jwst_grating_angle:
    case Kind::jwst_grating_wavelength: {
      const double product[] = {p[0] * p[1]};
      const Code code = kind == Kind::grating_angles3d     ? Code::grating_angles3d
                        : kind == Kind::grating_wavelength ? Code::grating_wavelength
                        : kind == Kind::jwst_grating_angle ? Code::jwst_grating_angle
                                                           : Code::jwst_grating_wavelength;
      return operation(code, in, outputs, product, false);
    }
    case Kind::refraction_index_from_prism: {
      const double s = std::sin(p[0] * kDegree), c = std::cos(p[0] * kDegree);
      const double factors[] = {1.0 - 2.0 * s * s, 2.0 * s * c};
      return operation(Code::refraction_index, in, outputs, factors, false);
    }
    case Kind::snell: return operation(Code::snell, in, outputs, p, in_pool);
    case Kind::snell3d: return operation(Code::snell3d, in, outputs, {}, false);
    case Kind::sellmeier_glass: return operation(Code::sellmeier_glass, in, outputs, p, in_pool);
    case Kind::ideal_to_v2v3:
    case Kind::v2v3_to_ideal: {
      const double turned[] = {std::cos(p[0] * kDegree), std::sin(p[0] * kDegree), p[1], p[2], p[3]};
      return operation(kind == Kind::ideal_to_v2v3 ? Code::ideal_to_v2v3 : Code::v2v3_to_ideal, in, outputs, turned, false);
    }
    case Kind::miri_ab_to_slice: return operation(Code::ab_to_slice, in, outputs, p, in_pool);
    default: throw Error(ErrorCause::internal, fmt::format("{} cannot be evaluated", to_string(kind)));
  }
}

}  // namespace spec2::wcs
