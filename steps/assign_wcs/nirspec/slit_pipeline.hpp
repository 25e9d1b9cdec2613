#pragma once

#include <span>
#include <vector>

#include "steps/assign_wcs/nirspec/frames.hpp"
#include "steps/assign_wcs/nirspec/optics.hpp"
#include "steps/assign_wcs/nirspec/slits.hpp"
#include "wcs/wcs.hpp"

namespace spec2::assign_wcs::nirspec {

/// Removes slits whose image does not fall on the detector (bounding box outside, or narrower than 2 x 1 pixels).
/// `apertures` belong to `slits` one by one and are kept in step. Source: jwst 3.0.0 assign_wcs.nirspec.validate_open_slits.
void keep_slits_on_detector(wcs::Arena& arena, const Optics& optics, const Setup& setup, std::vector<wcs::SlitDescription>& slits,
                            std::vector<Aperture>& apertures);

/// The WCS of fixed slits and MSA slitlets together, which takes and gives the slit id; without bounding boxes. Frames: detector,
/// sca, gwa, slit_frame, msa_frame, oteip, v2v3, v2v3vacorr, world; the last four not where `ends_at_msa`.
/// Slits must be ordered by quadrant. Source: jwst 3.0.0 assign_wcs.nirspec.slitlets_wcs.
wcs::Wcs slits_wcs(wcs::Arena& arena, const Optics& optics, const Setup& setup, std::span<const wcs::SlitDescription> slits,
                   std::span<const Aperture> apertures);

/// Adds the frames detector and sca.
void add_detector_frames(wcs::Arena& arena, wcs::Wcs& wcs, const Frames& frames, const Optics& optics, const Setup& setup);
/// Adds the frames from the MSA to the sky. `ifu` puts the chromatic correction in.
void add_sky_frames(wcs::Arena& arena, wcs::Wcs& wcs, const Frames& frames, const Optics& optics, const Setup& setup, bool ifu);

/// The WCS of one slit, slitlet or slice, which takes no slit id: its own pieces and those shared by all with the id fixed.
/// The bounding box is that of the slit in `all`. Appends a few records, so the arena must be open.
/// Source: jwst 3.0.0 assign_wcs.nirspec.nrs_wcs_set_input.
wcs::Wcs one_slit_wcs(wcs::Arena& arena, const wcs::Wcs& all, double slit_id);

}  // namespace spec2::assign_wcs::nirspec
