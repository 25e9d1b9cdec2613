#pragma once

#include <optional>

#include "steps/assign_wcs/nirspec/disperser.hpp"
#include "wcs/mapper.hpp"

namespace spec2::assign_wcs::nirspec {

/// Extremes of the image of a slit on the detector, pixels.
struct TraceBox {
  double x_min, x_max, y_min, y_max;
  /// With margins of 10 pixels in x and 2 in y, cut at the detector, edges at pixel edges (half integers away from the cut).
  wcs::BoundingBox box() const;
};

/// Follows both edges of a slit over the wavelength range, in steps of 1e-10 m. `to_detector` takes x and y of the slit and the
/// wavelength in m, and gives pixels. A point that has no image makes all NaN, which the margins turn into the whole detector,
/// as in the peer.
TraceBox trace_box(wcs::Scratch& scratch, const wcs::Mapper& to_detector, const SpectralRange& range, double ymin, double ymax);

/// Bounding box of a slit: the image of its edges, in y narrowed to the rows in which a pixel has a wavelength.
/// `to_slit` takes pixels and gives x, y of the slit and the wavelength.
/// Source: jwst 3.0.0 assign_wcs.nirspec.compute_bounding_box.
wcs::BoundingBox slit_box(wcs::Scratch& scratch, const wcs::Mapper& to_slit, const wcs::Mapper& to_detector,
                          const SpectralRange& range, double ymin, double ymax);

}  // namespace spec2::assign_wcs::nirspec
