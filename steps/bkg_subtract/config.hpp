#pragma once

#include <cstdint>
#include <optional>

#include "steps/step_parameters.hpp"

namespace spec2 {

/// Parameters of bkg_subtract that modes with background exposures use.
struct BkgSubtractConfig {
  bool save_combined_background = false;  ///< write the mean background beside the products
  double sigma = 3.0;                     ///< clipping limit over the background exposures
  std::optional<std::int64_t> maxiters;   ///< most rounds of clipping; none: until nothing is clipped

  static BkgSubtractConfig from(const StepParameters& parameters) {
    return {parameters.boolean("save_combined_background"), parameters.real("sigma"), parameters.optional_integer("maxiters")};
  }
  bool operator==(const BkgSubtractConfig&) const = default;
};

}  // namespace spec2
