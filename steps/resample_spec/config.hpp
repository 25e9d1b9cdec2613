#pragma once

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/math/drizzle.hpp"
#include "steps/step_parameters.hpp"

namespace spec2 {

enum class ResampleWeight { inverse_variance, exposure_time, equal };

/// Parameters of resample_spec.
struct ResampleSpecConfig {
  double pixfrac = 1.0;                              ///< side of an input pixel's light in input pixels, 0 to 1
  drizzle::Kernel kernel = drizzle::Kernel::square;  ///< square or point
  float fill_value = std::numeric_limits<float>::quiet_NaN();  ///< of SCI pixels without input (`fillval`)
  ResampleWeight weight_type = ResampleWeight::inverse_variance;
  std::optional<std::array<std::size_t, 2>> output_shape;  ///< columns, rows; of a user's output WCS only, as in the peer
  double pixel_scale_ratio = 1.0;                    ///< input over output pixel scale along the slit
  std::optional<double> pixel_scale;                 ///< of the output along the slit in arcsec; goes before the ratio
  std::string output_wcs;                            ///< ASDF file with a WCS to resample to
  bool single = false;                               ///< drizzle ERR itself, without variances
  bool blendheaders = true;                          ///< no effect on single exposures, as in the peer
  bool in_memory = true;                             ///< no effect: images are always in memory
  bool propagate_dq = false;                         ///< write DQ: the flags of all pixels that went into an output pixel

  static ResampleSpecConfig from(const StepParameters& parameters);
  /// All problems, one text each.
  std::vector<std::string> validate() const;
  bool operator==(const ResampleSpecConfig&) const = default;
};

}  // namespace spec2
