#pragma once

#include <string>
#include <vector>

#include "steps/step_parameters.hpp"

namespace spec2 {

/// Parameters of extract_2d that NIRSpec modes use.
struct Extract2dConfig {
  std::vector<std::string> slit_names;  ///< slits to extract; empty: all open ones
  std::vector<std::string> source_ids;  ///< or slits of these sources

  static Extract2dConfig from(const StepParameters& parameters) {
    return {parameters.optional_list("slit_names").value_or(std::vector<std::string>()),
            parameters.optional_list("source_ids").value_or(std::vector<std::string>())};
  }
  bool operator==(const Extract2dConfig&) const = default;
};

}  // namespace spec2
