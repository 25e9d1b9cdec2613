#pragma once

#include "steps/bkg_subtract/config.hpp"
#include "steps/step.hpp"

namespace spec2 {

/// Subtracts the mean of the background members (nods or dedicated exposures) from the image.
class BkgSubtractStep final : public Step {
 public:
  explicit BkgSubtractStep(BkgSubtractConfig config) : config_(std::move(config)) {}
  const StepInfo& info() const override;
  MemoryEstimate estimate(const ExposureShape& shape) const override;
  StepResult run(Exposure exposure, StepContext& context) const override;

 private:
  BkgSubtractConfig config_;
};

}  // namespace spec2
