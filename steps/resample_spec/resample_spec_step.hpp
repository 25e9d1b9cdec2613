#pragma once

#include "steps/resample_spec/config.hpp"
#include "steps/step.hpp"

namespace spec2 {

/// Rectifies the spectra of slits: rows along the slit on the sky (at the MSA for lamps), columns by wavelength. The
/// slits are replaced by their rectified spectra, their WCS by new ones in the arena of the exposure.
class ResampleSpecStep final : public Step {
 public:
  explicit ResampleSpecStep(ResampleSpecConfig config) : config_(std::move(config)) {}
  const StepInfo& info() const override;
  MemoryEstimate estimate(const ExposureShape& shape) const override;
  StepResult run(Exposure exposure, StepContext& context) const override;

 private:
  ResampleSpecConfig config_;
};

}  // namespace spec2
