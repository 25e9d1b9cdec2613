#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "steps/step_parameters.hpp"

namespace spec2 {

/// Parameters of badpix_selfcal, by the peer's names.
struct BadpixSelfcalConfig {
  double flagfrac_lower = 0.001;   ///< fraction of pixels flagged at the faint end, 0 to 0.5
  double flagfrac_upper = 0.001;   ///< at the bright end
  std::int64_t kernel_size = 15;   ///< width of the median filter along the dispersion, pixels; odd
  bool force_single = false;       ///< use the science exposure alone when there are no others
  bool save_flagged_bkg = false;   ///< write the background exposures with their new flags

  static BadpixSelfcalConfig from(const StepParameters& parameters);
  /// Everything that is wrong, one text each; empty when all is well.
  std::vector<std::string> validate() const;
  bool operator==(const BadpixSelfcalConfig&) const = default;
};

}  // namespace spec2
