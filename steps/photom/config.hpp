#pragma once

#include <optional>
#include <string>

#include "steps/step_parameters.hpp"

namespace spec2 {

/// Parameters of photom.
struct PhotomConfig {
  bool inverse = false;                    ///< from flux back to DN/s
  std::optional<std::string> source_type;  ///< POINT or EXTENDED for all slits, whatever srctype found
  bool apply_time_correction = true;       ///< the sensitivity of the day of the exposure

  static PhotomConfig from(const StepParameters& parameters) {
    return {parameters.boolean("inverse"), parameters.optional_text("source_type"), parameters.boolean("apply_time_correction")};
  }
  bool operator==(const PhotomConfig&) const = default;
};

}  // namespace spec2
