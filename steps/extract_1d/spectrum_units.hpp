#pragma once

#include <vector>

#include "datamodels/spectrum.hpp"
#include "steps/extract_1d/box_extraction.hpp"

namespace spec2::extract_1d {

/// Units of the extracted image.
struct ImageUnits {
  bool calibrated = false;           ///< photom has run: MJy or MJy/sr, else DN/s
  bool point_source = false;         ///< MJy
  double pixel_area_sr = 1.0;
};

/// The columns of a spectrum from sums along the columns of an image: fluxes in Jy (DN/s), surface brightness and
/// background in MJy/sr (DN/s), errors from variances; only columns whose `wavelength` is not NaN.
/// Source: jwst 3.0.0 extract_1d.extract.create_extraction.
Spectrum make_spectrum(const ColumnSums& sums, const std::vector<double>& wavelength, const ImageUnits& units);

}  // namespace spec2::extract_1d
