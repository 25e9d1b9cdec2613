#pragma once

#include <algorithm>
#include <cstddef>

#include "core/view.hpp"

namespace spec2::clean_flicker_noise {

/// The frame in which the NIRSpec detectors are read: rows are columns of the image (NRS1 in order, NRS2 reversed), and
/// pixels of a row are read one after the other.
enum class Detector { nrs1, nrs2 };

/// Column of the image that detector row `row` is.
inline std::size_t image_column(Detector detector, std::size_t row, std::size_t rows) {
  return detector == Detector::nrs1 ? row : rows - 1 - row;
}

/// Copies an image [row, column] to detector order [image column, image row], or back. In blocks, which the caches like.
void to_detector(Detector detector, View2<const float> image, View2<float> out);
void to_detector(Detector detector, View2<const unsigned char> image, View2<unsigned char> out);
void to_image(Detector detector, View2<const float> detector_image, View2<float> out);

}  // namespace spec2::clean_flicker_noise
