#pragma once

#include "steps/badpix_selfcal/config.hpp"
#include "steps/step.hpp"

namespace spec2 {

/// Flags pixels that stick out of the minimum over the exposure, its backgrounds and its selfcal exposures: they become NaN
/// and DO_NOT_USE + OTHER_BAD_PIXEL in the exposure and in the backgrounds. Images only.
/// Source: jwst 3.0.0 badpix_selfcal.
class BadpixSelfcalStep final : public Step {
 public:
  explicit BadpixSelfcalStep(BadpixSelfcalConfig config) : config_(config) {}

  const StepInfo& info() const override;
  MemoryEstimate estimate(const ExposureShape& shape) const override;
  StepResult run(Exposure exposure, StepContext& context) const override;

 private:
  BadpixSelfcalConfig config_;
};

}  // namespace spec2
