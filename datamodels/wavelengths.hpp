#pragma once

#include "core/parallel.hpp"
#include "core/view.hpp"
#include "wcs/mapper.hpp"

namespace spec2 {

/// Wavelengths in micron of all pixels of a cutout whose forward WCS is `mapper` (right ascension, declination, micron);
/// NaN outside the slit.
void fill_wavelengths(const wcs::Mapper& mapper, View2<float> wavelength, const Parallel& parallel);

}  // namespace spec2
