#pragma once

#include <cstddef>
#include <vector>

#include "core/log.hpp"
#include "datamodels/exposure.hpp"
#include "steps/extract_1d/aperture.hpp"

namespace spec2::extract_1d {

/// What is known of a slit's aperture before its pixels are summed.
struct SlitAperture {
  BoxProfile profile;
  std::vector<double> background_weights;
  ApertureSettings settings;
  std::vector<double> wavelength;  ///< micron, mean over the aperture of each column; NaN without one
  double ra = 0.0, dec = 0.0;      ///< of the middle of the aperture; NaN when the WCS gives none
  std::size_t first_column = 0, last_column = 0;
  bool is_empty = true;
};

/// The aperture of a slit in its pixels. Where the position of the source is wanted and not known from the WCS, that is said and
/// the aperture stays in its nominal place.
SlitAperture define_aperture(const Slit& slit, const wcs::Arena& arena, const ApertureSettings& settings, const Log& log);

/// Size of a pixel across the dispersion at the middle of the aperture, arcsec; `wavelength` in micron.
double pixel_scale_arcsec(const wcs::Arena& arena, const Slit& slit, const SlitAperture& aperture, double wavelength);

}  // namespace spec2::extract_1d
