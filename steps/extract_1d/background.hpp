#pragma once

#include <vector>

#include "core/view.hpp"
#include "steps/extract_1d/box_extraction.hpp"

namespace spec2::extract_1d {

/// The background of an image, and the variances that its fit adds to the sum over the aperture of each column.
struct FittedBackground {
  std::vector<double> image;   ///< [row][column]
  std::vector<double> var_rnoise, var_poisson, var_flat;
};

/// Fits each column over the pixels of the background profile: the median, or a polynomial across the dispersion.
FittedBackground fit_background(const ImageSet& image, const ExtractionPlan& plan);

/// Boxcar mean of `length` pixels along rows, over what is not NaN; the ends of rows are held. NaN where all is NaN.
std::vector<double> smooth_rows(View2<const float> image, int length);

}  // namespace spec2::extract_1d
