#pragma once

#include "datamodels/metadata.hpp"
#include "steps/assign_wcs/nirspec/build.hpp"
#include "steps/assign_wcs/nirspec/setup.hpp"

namespace spec2::assign_wcs::nirspec {

/// The set-up in the header of an exposure. Throws Error(data) naming the keyword that is missing or not finite; the pointing is
/// looked at only where the chain of frames reaches the sky.
Setup read_exposure_setup(const Metadata& header);

/// The MSA metafile named in MSAMETFL, beside the exposure, and which of its rows hold. Throws Error(data) naming the keyword,
/// the file or the column that is missing.
MsaConfiguration read_msa_configuration(const Metadata& header);

}  // namespace spec2::assign_wcs::nirspec
