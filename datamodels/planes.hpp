#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "datamodels/plane.hpp"

namespace spec2 {

/// The planes an image or slit can have. The EXTNAME of each is in `extension_name`.
enum class PlaneKind : std::uint8_t {
  sci,
  dq,
  err,
  wavelength,
  wavelength_uniform,  ///< before wavecorr, where that corrected a point source; not written to products
  var_poisson,
  var_rnoise,
  var_flat,
  area,
  flatfield_point,    ///< flat applied to a point source, and that for a uniform one, of slits with a point source
  flatfield_uniform,
  pathloss_point,
  pathloss_uniform,
  photom_point,       ///< flux conversion, as flatfield
  photom_uniform,
  barshadow,
  trace_model,  ///< light of a compact source fitted along the slit
  weight,   ///< s2d: WHT
  context,  ///< s2d: CON, int32 bits, third axis in units of 32 inputs
  count_
};
inline constexpr std::size_t kPlaneKinds = static_cast<std::size_t>(PlaneKind::count_);

/// FITS EXTNAME: "SCI", "DQ", "PATHLOSS_PS", ...
std::string_view extension_name(PlaneKind kind) noexcept;
/// For what it is charged: "plane SCI". What steps need for a while is charged as "scratch ...", reference files as
/// "reference ...", transforms as "WCS ...": these are the kinds of memory reports.
std::string_view purpose_of(PlaneKind kind) noexcept;

/// The planes of one image, cube of integrations, or slit. Data, DQ and variances have the shape of
/// `sci`; wavelengths and corrections hold for all integrations and have one.
struct Planes {
  FloatPlane sci;
  DqPlane dq;
  FloatPlane err;
  FloatPlane wavelength;  ///< micron
  FloatPlane wavelength_uniform;
  FloatPlane var_poisson;
  FloatPlane var_rnoise;
  FloatPlane var_flat;
  FloatPlane area;
  FloatPlane flatfield_point;
  FloatPlane flatfield_uniform;
  FloatPlane pathloss_point;
  FloatPlane pathloss_uniform;
  FloatPlane photom_point;
  FloatPlane photom_uniform;
  FloatPlane barshadow;
  FloatPlane trace_model;
  FloatPlane weight;
  Plane<std::int32_t> context;

  PlaneShape shape() const { return shape_of(sci); }
  bool has(PlaneKind kind) const;
  /// The float plane of this kind; throws Error(internal) for dq and context.
  FloatPlane& float_plane(PlaneKind kind);
  const FloatPlane& float_plane(PlaneKind kind) const;
  /// Passes the charges of all planes to `account`.
  void charge_to(Account& account);
  Planes clone(Account& account) const;
  std::size_t bytes() const;
};

/// DQ and ERR of zeros in the shape of SCI, which the peer's cubes always have.
void add_empty_planes(Planes& planes, Account& account);

}  // namespace spec2
