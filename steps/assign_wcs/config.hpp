#pragma once

#include "steps/step_parameters.hpp"

namespace spec2 {

/// Parameters of assign_wcs that spectroscopic modes use; those of the SIP fit belong to images.
struct AssignWcsConfig {
  double slit_y_low = -0.55;       ///< edges of NIRSpec slits, fractions from the centre
  double slit_y_high = 0.55;
  bool nrs_ifu_slice_wcs = false;  ///< IFU: leave the WCS by slice, as a diagnostic

  static AssignWcsConfig from(const StepParameters& parameters) {
    return {parameters.real("slit_y_low"), parameters.real("slit_y_high"), parameters.boolean("nrs_ifu_slice_wcs")};
  }
  bool operator==(const AssignWcsConfig&) const = default;
};

}  // namespace spec2
