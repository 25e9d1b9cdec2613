#pragma once

#include <numbers>

#include "core/view.hpp"
#include "datamodels/planes.hpp"
#include "datamodels/references/photom.hpp"

namespace spec2::photom {

/// arcsec2 -> sr.
inline constexpr double kSteradianPerArcsec2 =
    (std::numbers::pi / 180.0 / 3600.0) * (std::numbers::pi / 180.0 / 3600.0);
/// MJy/sr -> uJy/arcsec2.
inline constexpr double kMicroJanskyPerArcsec2 = 1e12 * kSteradianPerArcsec2;

/// Multiplies SCI and ERR by `conversion` times the relative response at the wavelength of each pixel, variances by its
/// square; divides when `inverse`. Pixels whose wavelength the response does not cover get the factor 0 and DO_NOT_USE.
/// Source: jwst 3.0.0 photom.DataSet.photom_io.
void apply_response(Planes& planes, const PhotomReference::Row& row, double conversion, bool inverse);

/// `conversion` times the relative response at each wavelength (micron); 0 where the response does not reach.
void fill_conversion(const PhotomReference::Row& row, double conversion, View2<const float> wavelength_um, View2<float> out);

}  // namespace spec2::photom
