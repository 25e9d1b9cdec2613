#pragma once

#include "steps/flat_field/config.hpp"
#include "steps/step.hpp"

namespace spec2 {

/// Divides each slit by its flat, interpolated to the wavelengths of its pixels.
class FlatFieldStep final : public Step {
 public:
  explicit FlatFieldStep(FlatFieldConfig config) : config_(std::move(config)) {}
  const StepInfo& info() const override;
  MemoryEstimate estimate(const ExposureShape& shape) const override;
  StepResult run(Exposure exposure, StepContext& context) const override;
  bool works_by_integration() const override { return true; }

 private:
  FlatFieldConfig config_;
};

}  // namespace spec2
