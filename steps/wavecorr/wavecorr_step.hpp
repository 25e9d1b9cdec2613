#pragma once

#include "steps/step.hpp"

namespace spec2 {

/// Corrects the wavelengths of point sources that do not sit in the middle of their slit: the WCS gets one more frame
/// ("wavecorr_frame") and the wavelength plane is made anew; the plane from before stays for uniform sources.
class WavecorrStep final : public Step {
 public:
  const StepInfo& info() const override;
  MemoryEstimate estimate(const ExposureShape& shape) const override;
  void read_references(References& references) const override;
  StepResult run(Exposure exposure, StepContext& context) const override;
  bool works_by_integration() const override { return true; }
};

}  // namespace spec2
