#pragma once

#include <optional>
#include <vector>

#include "core/view.hpp"
#include "datamodels/planes.hpp"
#include "datamodels/references/pathloss.hpp"

namespace spec2::pathloss {

/// Transmission against wavelength in micron (rising).
struct LossCurve {
  std::vector<double> wavelength_um;
  std::vector<double> transmission;
};

/// The curve for a point source at (x, y) in the aperture, -0.5 to 0.5, between the four nearest grid points; empty when
/// the source lies outside. Source: jwst 3.0.0 pathloss.calculate_pathloss_vector.
std::optional<LossCurve> point_curve(const PathlossReference::Aperture& aperture, double x, double y);

LossCurve uniform_curve(const PathlossReference::Aperture& aperture);

/// The transmission at each wavelength; NaN outside the curve. Source: pathloss.interpolate_onto_grid.
void fill_loss(const LossCurve& curve, View2<const float> wavelength_um, View2<float> loss);

/// Divides SCI and ERR by the loss of the pixel, variances by its square; multiplies when `inverse`. All integrations
/// use the same loss.
void apply_loss(Planes& planes, View2<const float> loss, bool inverse);

}  // namespace spec2::pathloss
