#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "steps/step_parameters.hpp"

namespace spec2 {

/// Parameters of extract_1d for slit-like spectra.
struct Extract1dConfig {
  std::optional<bool> subtract_background;      ///< none: when the reference has a background region
  bool apply_apcorr = true;
  std::string extraction_type = "box";          ///< box or optimal; optimal needs a psf reference
  std::optional<bool> use_source_posn;          ///< none: for point sources of modes that know their position
  double position_offset = 0.0;                 ///< pixels across the dispersion
  std::optional<std::int64_t> smoothing_length; ///< of the background along the dispersion, pixels
  std::optional<std::string> bkg_fit;           ///< poly, mean or median
  std::optional<std::int64_t> bkg_order;
  bool save_profile = false;
  bool save_scene_model = false;
  bool save_residual_image = false;

  static Extract1dConfig from(const StepParameters& p) {
    return {p.optional_boolean("subtract_background"),
            p.boolean("apply_apcorr"),
            p.optional_text("extraction_type").value_or("None"),
            p.optional_boolean("use_source_posn"),
            p.real("position_offset"),
            p.optional_integer("smoothing_length"),
            p.optional_text("bkg_fit"),
            p.optional_integer("bkg_order"),
            p.boolean("save_profile"),
            p.boolean("save_scene_model"),
            p.boolean("save_residual_image")};
  }
  bool operator==(const Extract1dConfig&) const = default;
};

}  // namespace spec2
