#pragma once

#include "core/parallel.hpp"
#include "core/view.hpp"
#include "wcs/mapper.hpp"

namespace spec2 {

/// Wavelengths in micron of all pixels of a cutout with this WCS (right ascension, declination, micron); NaN outside the slit.
/// The way to the sky is not gone.
void fill_wavelengths(const wcs::Arena& arena, const wcs::Wcs& wcs, View2<float> wavelength, const Parallel& parallel);

/// Only the wavelength (micron) of the pixels of a cutout.
wcs::Mapper wavelength_mapper(const wcs::Arena& arena, const wcs::Wcs& wcs);

}  // namespace spec2
