#pragma once

#include "datamodels/metadata.hpp"

namespace spec2 {

/// True for time-series observations: TSOVISIT is set or EXP_TYPE is one of theirs, unless there is one integration only.
/// Source: jwst 3.0.0 lib.pipe_utils.is_tso.
bool is_time_series(const Metadata& header);

}  // namespace spec2
