#pragma once

#include "wcs/arena.hpp"

namespace spec2::assign_wcs::nirspec {

/// The frames of NIRSpec's spectroscopic modes, named and described as the peer's (jwst 3.0.0
/// assign_wcs.nirspec.create_frames); angles at the grating wheel in radians, the MSA in metres.
struct Frames {
  wcs::FrameId detector, sca, gwa, slit_frame, slicer, msa_frame, oteip, oteip_chromcorr, v2v3, v2v3vacorr, world;
};
Frames add_frames(wcs::Arena& arena);

}  // namespace spec2::assign_wcs::nirspec
