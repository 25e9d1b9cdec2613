#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/view.hpp"
#include "steps/clean_flicker_noise/scene_mask.hpp"

namespace spec2::clean_flicker_noise {

/// Gain of the noise model by frequency in Hz: 1 below `low_end`, cosine to 0 at `low_stop`, 0 up to `high_start`, cosine to
/// 1 at `high_full`: 1/f noise, and alternating columns near the Nyquist frequency.
struct FrequencyBand {
  float low_end = 1061, low_stop = 1211, high_start = 49943, high_full = 49957;
};

/// Fits the Fourier components of the band to the background pixels of consecutive detector rows, each sample weighted by
/// the reciprocal of the local density of samples in time, and gives the model of all pixels. Rows follow each other after
/// a pause of 12 pixels of 10 us. The basis is rounded to complex64, sums are in float64, as in the peer.
/// False when the normal equations are singular. Source: jwst 3.0.0 clean_flicker_noise.nsclean.NSCleanSubarray (Rauscher
/// 2024, PASP 136, 015001).
bool fit_section(View2<const float> data, View2<const Mask> mask, const FrequencyBand& band, View2<float> model);

}  // namespace spec2::clean_flicker_noise
