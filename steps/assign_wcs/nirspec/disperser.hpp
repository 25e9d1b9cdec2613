#pragma once

#include <span>

#include "steps/assign_wcs/nirspec/setup.hpp"
#include "wcs/arena.hpp"
#include "wcs/asdf/nirspec_references.hpp"

namespace spec2::assign_wcs::nirspec {

/// The disperser with the tilt of the grating wheel put in: theta_y is corrected by the reading GWA_XTIL, theta_x by GWA_YTIL;
/// half the difference of the model's angle at the reading and at the zero reading, arcsec to degrees.
/// Source: jwst 3.0.0 assign_wcs.nirspec.correct_tilt.
asdf::Disperser correct_tilt(asdf::Disperser disperser, const Setup& setup);

/// Spectral order and wavelengths (m) that a filter and grating let through.
struct SpectralRange {
  int order = -1;
  double low_m = 0.6e-6;
  double high_m = 5.3e-6;
};
/// The row FILTER_GRATING (lamps: LAMP_GRATING) of the wavelengthrange file, else the first of the grating, else order -1
/// and the full range. Source: jwst 3.0.0 assign_wcs.nirspec.get_spectral_order_wrange.
SpectralRange spectral_range(const Setup& setup, std::span<const asdf::WavelengthRange> ranges);

/// Rotation into the frame of the grating wheel.
wcs::TransformId gwa_rotation(wcs::Arena& arena, const asdf::Disperser& disperser);

/// (wavelength in m, three direction cosines into the disperser) -> three cosines out of it: the grating equation, or Snell's
/// law through the prism. Source: jwst 3.0.0 assign_wcs.nirspec.angle_from_disperser.
wcs::TransformId angle_from_disperser(wcs::Arena& arena, const asdf::Disperser& disperser, const Setup& setup, int order);

/// (alpha in, beta in, alpha out) -> wavelength in m; for the prism from the refraction index through a table of 1542
/// wavelengths, 0.3 to 8 micron. Throws Error(data) when the prism's temperature GWA_TILT is missing.
/// Source: jwst 3.0.0 assign_wcs.nirspec.wavelength_from_disperser.
wcs::TransformId wavelength_from_disperser(wcs::Arena& arena, const asdf::Disperser& disperser, const Setup& setup, int order);

}  // namespace spec2::assign_wcs::nirspec
