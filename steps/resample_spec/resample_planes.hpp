#pragma once

#include <optional>
#include <span>

#include "core/math/drizzle.hpp"
#include "core/parallel.hpp"
#include "datamodels/planes.hpp"
#include "steps/resample_spec/config.hpp"

namespace spec2::resample_spec {

/// One image on its way to the output grid. The planes are used up: variances become errors in place.
struct MappedImage {
  Planes* planes = nullptr;
  drizzle::PixelMap map;
  drizzle::Section section;  ///< pixels inside the bounding box
  double exposure_s = 0.0;   ///< measurement time, or exposure time without it
};

/// What is the same for all images of an output.
struct DrizzleRequest {
  std::size_t rows = 0;
  std::size_t columns = 0;
  drizzle::Kernel kernel = drizzle::Kernel::square;
  double pixfrac = 1.0;
  double intensity_scale = 1.0;    ///< of data, 1 / pixel_scale_ratio for flux densities
  double pixel_scale_ratio = 1.0;  ///< variances grow with it
  float fill_value = 0.0f;
  ResampleWeight weight_type = ResampleWeight::inverse_variance;
  bool single = false;             ///< ERR is drizzled and there are no variances
  bool propagate_dq = false;
};

/// Weight of each pixel: 0 where it is flagged, else 1 / VAR_RNOISE (0 where that is not finite, 1 without the plane), the
/// exposure time, or 1. Source: stcal 1.19 resample.utils.build_driz_weight.
void fill_weight(const Planes& planes, ResampleWeight type, double exposure_s, View2<float> weight);

/// SCI, ERR, WHT, CON, the variances and, when asked for, DQ on the output grid, charged to `account`. Work is split by
/// output rows over the threads. Throws Error(data) when no pixel of an image has a place on the grid.
/// Source: stcal resample.resample.Resample (add_model, resample_variance_arrays, finalize).
Planes drizzle_images(std::span<MappedImage> images, const DrizzleRequest& request, Account& account, const Parallel& parallel);

}  // namespace spec2::resample_spec
