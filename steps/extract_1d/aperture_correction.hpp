#pragma once

#include <optional>
#include <vector>

#include "datamodels/references/apcorr.hpp"
#include "datamodels/spectrum.hpp"

namespace spec2::extract_1d {

/// Factors for a spectrum: for each wavelength (micron) and aperture size (pixels) the correction between the nearest
/// entries of the row at phase 0.5, sizes held at the ends of the table. 1 outside the wavelengths of the table.
/// `pixels_per_unit` converts the table's sizes. Source: jwst 3.0.0 extract_1d.apply_apcorr.ApCorrPhase.
std::vector<double> correction_factors(const SlitApcorrReference::Row& row, double pixels_per_unit,
                                       const std::vector<double>& wavelength, const std::vector<double>& size);

/// Multiplies flux and surface brightness, with errors, by the factors and their variances by the squares.
void apply_factors(Spectrum& spectrum, const std::vector<double>& factors);

}  // namespace spec2::extract_1d
