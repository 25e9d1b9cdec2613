#pragma once

#include <span>

#include "core/parallel.hpp"
#include "core/view.hpp"
#include "steps/clean_flicker_noise/detector_frame.hpp"
#include "steps/clean_flicker_noise/fft_section.hpp"

namespace spec2::clean_flicker_noise {

enum class FitOutcome { done, no_background, singular };

/// Places to work in, each of the image's size.
struct SubarrayScratch {
  View2<float> data;      ///< [image column, image row]
  View2<Mask> mask;       ///< same
  View2<double> weight;   ///< same
  std::span<double> values;
};

/// The 1/f noise of a subarray image: overlapping sections of the detector's slow axis with about 512 background pixels each
/// are fitted by themselves and blended with triangular weights. `noise` [image column, image row] gets the model in float64,
/// 0 where too few pixels (5 %) are background. Pixels beyond 4 sigma (of the median deviation) and their neighbours are left
/// out. Source: jwst 3.0.0 clean_flicker_noise.clean_flicker_noise.fft_clean_subarray.
FitOutcome fit_subarray_noise(View2<const float> image, View2<const Mask> mask, Detector detector, const FrequencyBand& band,
                              View2<double> noise, const SubarrayScratch& scratch, const Parallel& parallel);

}  // namespace spec2::clean_flicker_noise
