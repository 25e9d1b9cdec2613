#pragma once

#include "steps/step.hpp"

namespace spec2 {

/// Flags pixels behind shutters that are stuck open. Fixed-slit lamps have no such reference: the step skips itself.
class MsaFlaggingStep final : public Step {
 public:
  const StepInfo& info() const override;
  MemoryEstimate estimate(const ExposureShape&) const override { return {}; }
  StepResult run(Exposure exposure, StepContext& context) const override;
};

}  // namespace spec2
