#pragma once

#include <optional>
#include <vector>

#include "core/parallel.hpp"
#include "core/view.hpp"
#include "datamodels/references/wavecorr.hpp"
#include "wcs/mapper.hpp"

namespace spec2::wavecorr {

/// Wavelengths of a slit against the corrected ones, both in m, rising: the table of the WCS's extra transform.
struct CorrectionTable {
  std::vector<double> wavelength;
  std::vector<double> corrected;
};

/// Mean dispersion of each column in m per pixel: the wavelengths half a pixel right and left of the centre, NaN where no
/// row has one. `mapper` goes from the pixels of the cutout to micron, its only output.
std::vector<double> column_dispersion(const wcs::Mapper& mapper, std::size_t rows, std::size_t columns, const Parallel& parallel);

/// Mean wavelength of each column in m, in float32 sums as the peer; NaN where no row has one.
std::vector<double> column_wavelength(View2<const float> wavelength_um);

/// The corrected wavelength of each column for a source at `position` in the slit. Empty when the corrected wavelengths
/// do not rise, so that there would be no way back. Outside the reference's table its edge is continued as a line.
/// Source: jwst 3.0.0 wavecorr.calculate_wavelength_correction_transform.
std::optional<CorrectionTable> correction_table(const WavecorrReference::Aperture& aperture, double position,
                                                const std::vector<double>& wavelength_m, const std::vector<double>& dispersion_m);

}  // namespace spec2::wavecorr
