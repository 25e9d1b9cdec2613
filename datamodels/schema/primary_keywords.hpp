#pragma once

#include "datamodels/metadata.hpp"

namespace spec2 {

/// The entries that products hold in their primary header. What stands in the header of SCI (units, WCS, times, source) says
/// nothing of a flat or a profile made for the exposure, and the peer leaves it out of such files.
Metadata primary_keywords(const Metadata& meta);

}  // namespace spec2
