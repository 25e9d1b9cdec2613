#pragma once

#include <optional>
#include <string>

#include "steps/step_parameters.hpp"

namespace spec2 {

/// Parameters of pathloss.
struct PathlossConfig {
  bool inverse = false;                    ///< put the loss in instead of taking it out
  std::optional<std::string> source_type;  ///< POINT or EXTENDED for all slits, whatever srctype found

  static PathlossConfig from(const StepParameters& parameters) {
    return {parameters.boolean("inverse"), parameters.optional_text("source_type")};
  }
  bool operator==(const PathlossConfig&) const = default;
};

}  // namespace spec2
