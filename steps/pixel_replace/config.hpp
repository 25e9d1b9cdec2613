#pragma once

#include <cstdint>
#include <string>

#include "steps/step_parameters.hpp"

namespace spec2 {

/// Parameters of pixel_replace.
struct PixelReplaceConfig {
  std::string algorithm = "mingrad";  ///< fit_profile, mingrad or trace_model
  std::int64_t n_adjacent_cols = 3;       ///< columns on each side that make the profile

  static PixelReplaceConfig from(const StepParameters& parameters) {
    return {parameters.text("algorithm"), parameters.integer("n_adjacent_cols")};
  }
  bool operator==(const PixelReplaceConfig&) const = default;
};

}  // namespace spec2
