#pragma once

#include "datamodels/planes.hpp"
#include "steps/flat_field/slit_flat.hpp"

namespace spec2::flat_field {

/// Divides SCI by the flat and variances by its square, makes VAR_FLAT (a plane of the shape of SCI, made by the caller)
/// from the flat's error and ERR from the sum of variances; multiplies, with VAR_FLAT 0, when `inverse`. Flags of the flat
/// are added to DQ; invalid pixels are made to agree. float32 as the peer. Source: jwst 3.0.0 flat_field.nirspec_fs_msa.
void apply_flat(Planes& planes, const SlitFlat& flat, bool inverse);

}  // namespace spec2::flat_field
