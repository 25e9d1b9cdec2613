#pragma once

#include "datamodels/planes.hpp"

namespace spec2 {

/// Makes invalid pixels agree: what is NaN in SCI, ERR or a variance, or DO_NOT_USE in DQ, becomes NaN in all of them and
/// DO_NOT_USE. Planes that are not there are left out. Source: jwst 3.0.0 lib.pipe_utils.match_nans_and_flags.
void match_invalid_pixels(Planes& planes);

}  // namespace spec2
