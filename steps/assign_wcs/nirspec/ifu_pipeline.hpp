#pragma once

#include "steps/assign_wcs/nirspec/optics.hpp"
#include "wcs/wcs.hpp"

namespace spec2::assign_wcs::nirspec {

inline constexpr int kSlices = 30;

/// Throws Error(no_data) where the spectrum of the IFU does not reach NRS2: medium gratings, and G140H with F070LP.
void check_ifu_on_detector(const Setup& setup);

/// The slice-based WCS of the IFU, which takes and gives the number of the slice (0-29). Frames: detector, sca, gwa, slit_frame,
/// slicer, msa_frame, oteip, oteip_chromcorr, v2v3, v2v3vacorr, world; the last five not where `ends_at_msa`.
/// Source: jwst 3.0.0 assign_wcs.nirspec.ifu.
wcs::Wcs ifu_wcs(wcs::Arena& arena, const Optics& optics, const Setup& setup);

}  // namespace spec2::assign_wcs::nirspec
