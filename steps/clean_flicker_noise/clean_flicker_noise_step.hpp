#pragma once

#include "steps/clean_flicker_noise/config.hpp"
#include "steps/step.hpp"

namespace spec2 {

/// Fits the 1/f noise of the readout to pixels without signal and subtracts it: rate images and cubes, science, background
/// and imprint members alike. When the fit is impossible the exposure stays as it is and the status is FAILED.
/// Source: jwst 3.0.0 clean_flicker_noise.
class CleanFlickerNoiseStep final : public Step {
 public:
  explicit CleanFlickerNoiseStep(CleanFlickerNoiseConfig config) : config_(std::move(config)) {}

  const StepInfo& info() const override;
  MemoryEstimate estimate(const ExposureShape& shape) const override;
  StepResult run(Exposure exposure, StepContext& context) const override;

 private:
  CleanFlickerNoiseConfig config_;
};

}  // namespace spec2
