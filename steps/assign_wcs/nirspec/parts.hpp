#pragma once

#include <span>
#include <vector>

#include "steps/assign_wcs/nirspec/optics.hpp"
#include "wcs/arena.hpp"
#include "wcs/record.hpp"

/// Pieces of the chain of frames, each built as the peer builds it, so that products hold the same trees. Transforms that carry
/// the slit take and give its id ("name") as one more value. Sources: functions of jwst 3.0.0 assign_wcs.nirspec.
namespace spec2::assign_wcs::nirspec {

/// detector -> sca: subarray to full frame, and NRS2 turned by 180 degrees (dms_to_sca, without the slit id).
wcs::TransformId detector_to_sca(wcs::Arena& arena, const Setup& setup);
/// sca -> gwa: focal plane, camera, direction cosines, rotation (detector_to_gwa, without the slit id).
wcs::TransformId sca_to_gwa(wcs::Arena& arena, const Optics& optics);
/// Collimator to gwa, back from the sky side (collimator_to_gwa).
wcs::TransformId collimator_to_gwa(wcs::Arena& arena, const Optics& optics);
/// Slit coordinates to its quadrant: scaled by its size, shifted to its centre (get_slit_location_model).
wcs::TransformId opening_to_plane(wcs::Arena& arena, const asdf::Opening& opening);
/// Values outside [ymin, ymax] of the slit become NaN (mask_slit).
wcs::TransformId slit_mask(wcs::Arena& arena, double ymin, double ymax);
/// Position along the slit from the direction of its light at the grating wheel, as a table of 1000 points (gwa_to_ymsa).
/// `to_gwa` leads from the slit to the wheel; `central_wavelength_m` for the IFU only, whose optics depend on it.
wcs::TransformId table_along_slit(wcs::Arena& arena, wcs::TransformId to_gwa, double ymin, double ymax,
                                  const double* central_wavelength_m);

/// Wavelength and angle equations of the disperser, with the velocity correction, and in micron for lamps.
struct Dispersion {
  wcs::TransformId wavelength;  ///< (alpha in, beta in, alpha out) -> wavelength
  wcs::TransformId angle;       ///< (wavelength, direction cosines in) -> direction cosines out
};
Dispersion dispersion(wcs::Arena& arena, const Optics& optics, const Setup& setup);

/// msa_frame -> oteip (msa_to_oteip; ifu_msa_to_oteip, whose inverse gives one value more).
wcs::TransformId msa_to_oteip(wcs::Arena& arena, const Optics& optics, bool ifu);
/// oteip -> v2v3, metres to micron (oteip_to_v23).
wcs::TransformId oteip_to_v2v3(wcs::Arena& arena, const Optics& optics);

/// The slit id put beside a transform: t & Identity(1), with names of inputs and outputs.
wcs::TransformId named_part(wcs::Arena& arena, wcs::TransformId transform, std::string_view name,
                            std::initializer_list<std::string_view> inputs, std::initializer_list<std::string_view> outputs);

}  // namespace spec2::assign_wcs::nirspec
