#pragma once

#include <string_view>

#include "steps/resample_spec/output_grid.hpp"
#include "wcs/arena.hpp"
#include "wcs/wcs.hpp"

namespace spec2::resample_spec {

/// The WCS of a rectified spectrum as records of the arena, which must be open: detector -> slit_frame -> world on the
/// sky, detector -> world for lamps, with the same compound transforms as the peer builds. `msa_frame` names the frame the
/// WCS of the lamp's slit ends in.
/// Source: jwst 3.0.0 resample_spec.build_nirspec_output_wcs, build_nirspec_lamp_output_wcs.
wcs::Wcs sky_wcs(wcs::Arena& arena, const OutputGrid& grid);
wcs::Wcs lamp_wcs(wcs::Arena& arena, const OutputGrid& grid, std::string_view msa_frame);

}  // namespace spec2::resample_spec
