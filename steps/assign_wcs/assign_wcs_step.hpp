#pragma once

#include "steps/assign_wcs/config.hpp"
#include "steps/step.hpp"

namespace spec2 {

/// Builds the WCS of an exposure from the instrument model and finds its open slits, which `Exposure::slits` lists from here on
/// (without planes). Sets SPECSYS, DISPAXIS, WAVSTART, WAVEND, SPORDER. Freezes the arena.
class AssignWcsStep final : public Step {
 public:
  explicit AssignWcsStep(AssignWcsConfig config) : config_(config) {}
  const StepInfo& info() const override;
  MemoryEstimate estimate(const ExposureShape& shape) const override;
  StepResult run(Exposure exposure, StepContext& context) const override;
  bool works_by_integration() const override { return true; }

 private:
  AssignWcsConfig config_;
};

}  // namespace spec2
