#pragma once

#include <span>

#include "wcs/wcs.hpp"

namespace spec2::extract_1d {

/// The WCS of an extracted spectrum: pixel -> right ascension and declination (degrees, the same for all), wavelength (micron) by
/// linear interpolation in `wavelength`, extrapolated at both ends. It goes back from the wavelength where that rises or falls
/// all along. Empty for fewer than two wavelengths. Adds records: the arena must be open. Source: jwst 3.0.0,
/// extract_1d/spec_wcs.py.
wcs::Wcs spectral_wcs(wcs::Arena& arena, double ra_deg, double dec_deg, std::span<const double> wavelength);

}  // namespace spec2::extract_1d
