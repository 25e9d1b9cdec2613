#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/view.hpp"
#include "steps/pixel_replace/replaceable_image.hpp"
#include "wcs/mapper.hpp"

namespace spec2::pixel_replace {

/// How the trace of a slit is fitted; the values of adaptive_trace_model for NIRSpec slits. Source: jwst 3.0.0
/// adaptive_trace_model.trace_model._set_fit_kwargs, AdaptiveTraceModelStep.
struct TraceSettings {
  std::size_t range = 50;              ///< columns on each side that take part in the fit of one
  double breakpoints_per_pixel = 2.0;  ///< of the spline, along the slit
  double good_per_pixel = 0.5;         ///< least number of good pixels of a column, of those the slit has
  bool from_right = false;             ///< order in which columns are fitted: a failed one takes the spline of the one before
  double space_ratio = 1.6;            ///< widest gap of the data over the distance of breakpoints
  double clip = 2.5;                   ///< sigma
  std::size_t rounds = 3;
  double snr_threshold = 10.0;         ///< a slit whose profile stays below has no trace
  double slope_limit = 0.1;            ///< of the normalised spline, where a source is compact
  double pad = 1.0;                    ///< pixels around a compact source

  static TraceSettings of(const std::string& detector, const std::string& grating);
};

/// Position along the slit of each pixel, rising with the row, float32 as the peer has it; NaN where the WCS gives none.
std::vector<float> slit_positions(const wcs::Arena& arena, const wcs::Wcs& slit_wcs, std::size_t rows, std::size_t columns);

/// The light of a compact source by a spline along the slit for each column, fitted to the columns around it and scaled to the
/// column; NaN elsewhere. Row by row. Source: jwst 3.0.0 adaptive_trace_model.trace_model.fit_and_oversample with
/// oversample_factor 1.
std::vector<float> trace_model(View2<const float> flux, View2<const float> error, const std::vector<float>& position,
                               const TraceSettings& settings);

/// NaN pixels take the value of the trace where it has one; their errors are interpolated along the row, variances as errors.
/// The others are left to `mingrad`. Source: pixel_replace.PixelReplacement.trace_model.
void replace_by_trace(const ReplaceableImage& image, View2<const float> trace);

/// Median of each pixel over the integrations, without NaN.
void median_image(View3<const float> stack, View2<float> median);

}  // namespace spec2::pixel_replace
