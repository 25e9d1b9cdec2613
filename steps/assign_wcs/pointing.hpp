#pragma once

#include <optional>

#include "wcs/arena.hpp"

namespace spec2::assign_wcs {

/// Where the telescope points: header keywords, angles in degrees, V2 and V3 in arcsec.
struct Pointing {
  double v2_ref_arcsec = 0.0;  ///< V2_REF
  double v3_ref_arcsec = 0.0;  ///< V3_REF
  double roll_ref_deg = 0.0;   ///< ROLL_REF
  double ra_ref_deg = 0.0;     ///< RA_REF
  double dec_ref_deg = 0.0;    ///< DEC_REF
  std::optional<double> velocity_aberration_scale;  ///< VA_SCALE
  std::optional<double> radial_velocity_m_s;        ///< VELOSYS, to the barycentre
};

/// V2, V3 (arcsec) to right ascension and declination (degrees): to the unit sphere, five rotations, and back.
/// Source: jwst 3.0.0 assign_wcs.pointing.v23tosky.
wcs::TransformId v2v3_to_sky(wcs::Arena& arena, const Pointing& pointing);

/// Differential velocity aberration: V2, V3 scaled about the reference point; an identity without scale or with scale 1.
/// Source: jwst 3.0.0 assign_wcs.pointing.dva_corr_model. Throws Error(data) for a scale that is not positive.
wcs::TransformId velocity_aberration(wcs::Arena& arena, const Pointing& pointing);

/// Wavelength times 1 / (1 + v / c), with its inverse. Source: jwst 3.0.0 assign_wcs.util.velocity_correction.
wcs::TransformId velocity_correction(wcs::Arena& arena, double radial_velocity_m_s);

}  // namespace spec2::assign_wcs
