#pragma once

#include "steps/extract_1d/config.hpp"
#include "steps/step.hpp"

namespace spec2 {

/// Sums each slit across the dispersion to a spectrum; one for each integration of time series. Takes resampled slits and
/// cutouts alike.
class Extract1dStep final : public Step {
 public:
  explicit Extract1dStep(Extract1dConfig config) : config_(std::move(config)) {}
  const StepInfo& info() const override;
  MemoryEstimate estimate(const ExposureShape& shape) const override;
  void read_references(References& references) const override;
  StepResult run(Exposure exposure, StepContext& context) const override;
  bool works_by_integration() const override { return true; }

 private:
  Extract1dConfig config_;
};

}  // namespace spec2
