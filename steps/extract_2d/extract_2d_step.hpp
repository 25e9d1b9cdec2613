#pragma once

#include "steps/extract_2d/config.hpp"
#include "steps/step.hpp"

namespace spec2 {

/// Cuts the open slits out of the image. Gives a model with one slit (NRS_BRIGHTOBJ) or many, each with its planes, its
/// WCS, wavelengths and, for the slit that holds the target, the position of the source.
class Extract2dStep final : public Step {
 public:
  explicit Extract2dStep(Extract2dConfig config) : config_(std::move(config)) {}
  const StepInfo& info() const override;
  MemoryEstimate estimate(const ExposureShape& shape) const override;
  StepResult run(Exposure exposure, StepContext& context) const override;
  bool works_by_integration() const override { return true; }

 private:
  Extract2dConfig config_;
};

}  // namespace spec2
