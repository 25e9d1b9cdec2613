#pragma once

#include <optional>
#include <string>

#include "steps/step_parameters.hpp"

namespace spec2 {

/// Parameters of flat_field.
struct FlatFieldConfig {
  bool save_interpolated_flat = false;           ///< write the flat of each slit beside the products
  std::optional<std::string> user_supplied_flat; ///< file of such flats, taken instead of the references
  bool inverse = false;                          ///< multiply instead of divide

  static FlatFieldConfig from(const StepParameters& parameters) {
    return {parameters.boolean("save_interpolated_flat"), parameters.optional_text("user_supplied_flat"),
            parameters.boolean("inverse")};
  }
  bool operator==(const FlatFieldConfig&) const = default;
};

}  // namespace spec2
