#pragma once

#include <vector>

#include "core/view.hpp"
#include "steps/extract_1d/aperture.hpp"

namespace spec2::extract_1d {

/// Images of one integration; variances may be empty (zero).
struct ImageSet {
  View2<const float> sci, var_rnoise, var_poisson, var_flat;
};

/// Sums along each column: one value for each column of the image.
struct ColumnSums {
  std::vector<double> flux, var_rnoise, var_poisson, var_flat;
  std::vector<double> background, background_var_rnoise, background_var_poisson, background_var_flat;  ///< sums over the aperture
  std::vector<double> npixels;
};

/// Weights and how the background is fitted; made once for a slit and used for all its integrations.
struct ExtractionPlan {
  View2<const double> profile;             ///< weights of the source aperture
  View2<const double> background_profile;  ///< empty: no background is fitted
  BackgroundFit fit = BackgroundFit::none;
  int order = 0;                           ///< of the polynomial across the dispersion
  int smoothing_length = 0;                ///< of the image before the fit, odd or 0
};

/// Box extraction: the background is fitted column by column and taken off, then pixels are summed with the weights of the
/// profile; NaN pixels carry none. Columns without pixels get NaN. `scene` (may be empty) receives the model of the image.
/// Throws Error(internal) for views of different shapes. Source: jwst 3.0.0 extract_1d.extract1d.extract1d (box).
ColumnSums extract_box(const ImageSet& image, const ExtractionPlan& plan, View2<double> scene = {});

}  // namespace spec2::extract_1d
