#pragma once

#include "steps/photom/config.hpp"
#include "steps/step.hpp"

namespace spec2 {

/// From DN/s to MJy (point sources) or MJy/sr (all others), by wavelength.
class PhotomStep final : public Step {
 public:
  explicit PhotomStep(PhotomConfig config) : config_(std::move(config)) {}
  const StepInfo& info() const override;
  MemoryEstimate estimate(const ExposureShape& shape) const override;
  void read_references(References& references) const override;
  StepResult run(Exposure exposure, StepContext& context) const override;
  bool works_by_integration() const override { return true; }

 private:
  PhotomConfig config_;
};

}  // namespace spec2
