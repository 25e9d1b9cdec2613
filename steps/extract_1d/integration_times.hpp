#pragma once

#include <span>

#include "core/log.hpp"
#include "datamodels/exposure.hpp"

namespace spec2::extract_1d {

/// Gives the spectra of one slit, in the order of its integrations, their number and times ("MJD-BEG" to "TDB-END", days)
/// from the INT_TIMES table of a time series. The integrations of the exposure are those from INTSTART on; a table that does
/// not cover INTSTART to INTEND is left unused, said in the log. Source: jwst 3.0.0 extract_1d.extract.populate_time_keywords.
void set_integration_times(const Exposure& exposure, std::span<Spectrum> spectra, const Log& log);

}  // namespace spec2::extract_1d
