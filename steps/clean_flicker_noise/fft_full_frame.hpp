#pragma once

#include "core/parallel.hpp"
#include "core/view.hpp"
#include "steps/clean_flicker_noise/detector_frame.hpp"
#include "steps/clean_flicker_noise/scene_mask.hpp"

namespace spec2::clean_flicker_noise {

/// Places to work in, each of the image's size.
struct FullFrameScratch {
  View2<float> data;   ///< [image column, image row]
  View2<Mask> mask;    ///< same
  View2<float> model;  ///< same
};

/// Subtracts the 1/f noise of a full frame: low Fourier components (up to 1/256 a pixel) fitted to each detector row by
/// itself, with the reciprocal of the local density of background pixels as weight, then smoothed along the dispersion by a
/// Gaussian of 1.5 pixels. Rows with fewer background pixels than components get no model. False when the normal equations of a
/// row are singular.
/// Source: jwst 3.0.0 clean_flicker_noise.nsclean.NSClean (Rauscher 2024, PASP 136, 015001).
bool subtract_full_frame_noise(View2<float> image, View2<const Mask> mask, Detector detector, const FullFrameScratch& scratch,
                               const Parallel& parallel);

}  // namespace spec2::clean_flicker_noise
