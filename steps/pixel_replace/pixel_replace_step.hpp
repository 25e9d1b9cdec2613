#pragma once

#include "steps/pixel_replace/config.hpp"
#include "steps/step.hpp"

namespace spec2 {

/// Estimates bad pixels from their neighbours before resampling and extraction. The cal product keeps the originals.
class PixelReplaceStep final : public Step {
 public:
  explicit PixelReplaceStep(PixelReplaceConfig config) : config_(std::move(config)) {}
  const StepInfo& info() const override;
  MemoryEstimate estimate(const ExposureShape& shape) const override;
  StepResult run(Exposure exposure, StepContext& context) const override;
  /// The trace is that of the median of all integrations.
  bool works_by_integration() const override { return config_.algorithm != "trace_model"; }

 private:
  PixelReplaceConfig config_;
};

}  // namespace spec2
