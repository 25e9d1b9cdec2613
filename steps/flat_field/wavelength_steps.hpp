#pragma once

#include "core/view.hpp"

namespace spec2::flat_field {

/// Fills gaps of a wavelength image (micron, NaN outside the slit; dispersion along rows): in columns with some value
/// the mean of the column, before the first and after the last such column its values. `step` gets the width of each
/// pixel in wavelength. float32 as the peer. Source: jwst 3.0.0 flat_field.clean_wl, combine_fast_slow.
void clean_wavelengths(View2<const float> wavelength, View2<float> cleaned, View2<float> step);

}  // namespace spec2::flat_field
