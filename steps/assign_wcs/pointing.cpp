#include "steps/assign_wcs/pointing.hpp"

#include "core/error.hpp"

namespace spec2::assign_wcs {

wcs::TransformId v2v3_to_sky(wcs::Arena& arena, const Pointing& pointing) {
  const double angles[] = {pointing.v2_ref_arcsec / 3600.0, -(pointing.v3_ref_arcsec / 3600.0), pointing.roll_ref_deg,
                           pointing.dec_ref_deg, -pointing.ra_ref_deg};
  const wcs::TransformId to_degrees = arena.concatenate(arena.scale(1.0 / 3600.0), arena.scale(1.0 / 3600.0));
  return arena.compose({to_degrees, arena.spherical_to_cartesian(180), arena.rotation_sequence3d("zyxyz", angles),
                        arena.cartesian_to_spherical(360)});
}

wcs::TransformId velocity_aberration(wcs::Arena& arena, const Pointing& pointing) {
  const double scale = pointing.velocity_aberration_scale.value_or(1.0);
  if (scale == 1.0) return arena.identity(2);
  if (!(scale > 0.0)) {
    throw Error(ErrorCause::data, fmt::format("the velocity aberration scale is {}, it must be positive", scale),
                {.keyword = "VA_SCALE"}, "Correct VA_SCALE, or remove it to leave velocity aberration out");
  }
  const wcs::TransformId scale_v2 = arena.scale(scale), scale_v3 = arena.scale(scale);
  arena.set_name(scale_v2, "dva_scale_v2");
  arena.set_name(scale_v3, "dva_scale_v3");
  const wcs::TransformId scaled = arena.concatenate(scale_v2, scale_v3);
  if (pointing.v2_ref_arcsec == 0.0 && pointing.v3_ref_arcsec == 0.0) return scaled;
  const wcs::TransformId shift_v2 = arena.shift((1.0 - scale) * pointing.v2_ref_arcsec);
  const wcs::TransformId shift_v3 = arena.shift((1.0 - scale) * pointing.v3_ref_arcsec);
  arena.set_name(shift_v2, "dva_v2_shift");
  arena.set_name(shift_v3, "dva_v3_shift");
  const wcs::TransformId corrected = arena.compose(scaled, arena.concatenate(shift_v2, shift_v3));
  arena.set_name(corrected, "DVA_Correction");
  return corrected;
}

wcs::TransformId velocity_correction(wcs::Arena& arena, double radial_velocity_m_s) {
  constexpr double kSpeedOfLight = 299792458.0;  // m/s
  const double correction = 1.0 / (1.0 + radial_velocity_m_s / kSpeedOfLight);
  const wcs::TransformId factor = arena.constant(correction), divisor = arena.constant(correction);
  arena.set_name(factor, "velocity_correction");
  arena.set_name(divisor, "inv_vel_correction");
  const wcs::TransformId model = arena.arithmetic(wcs::Kind::multiply_by, arena.identity(1), factor);
  arena.set_inverse(model, arena.arithmetic(wcs::Kind::divide, arena.identity(1), divisor));
  return model;
}

}  // namespace spec2::assign_wcs
