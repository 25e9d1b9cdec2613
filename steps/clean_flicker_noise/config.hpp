#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "steps/step_parameters.hpp"

namespace spec2 {

/// Parameters of clean_flicker_noise, by the peer's names.
struct CleanFlickerNoiseConfig {
  bool autoparam = false;                    ///< choose parameters from the data; only images of NIRISS and NIRCam have rules
  std::string fit_method = "median";         ///< "fft" or "median"
  bool fit_by_channel = false;               ///< each amplifier by itself; full frames only
  std::string background_method = "median";  ///< "median", "model", "median_image"; empty for none
  std::vector<std::int64_t> background_box_size;  ///< rows and columns of the boxes of "model"; empty: chosen by the image's size
  bool mask_science_regions = false;         ///< leave out pixels inside slits and of failed open shutters
  bool apply_flat_field = false;             ///< divide by a flat before the fit
  double n_sigma = 2.0;                      ///< clipping limit of signal; 0: no clipping
  bool fit_histogram = false;                ///< sigma from a Gaussian fitted to the histogram of values
  bool single_mask = true;                   ///< one mask for all integrations
  std::optional<std::string> user_mask;      ///< file with a mask; it replaces the one that is made
  bool save_mask = false;
  bool save_background = false;
  bool save_noise = false;

  static CleanFlickerNoiseConfig from(const StepParameters& parameters);
  /// Everything that is wrong, one text each; empty when all is well.
  std::vector<std::string> validate() const;
  bool operator==(const CleanFlickerNoiseConfig&) const = default;
};

}  // namespace spec2
