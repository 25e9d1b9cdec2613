#pragma once

#include "steps/pathloss/config.hpp"
#include "steps/step.hpp"

namespace spec2 {

/// Takes out the light lost at the slit, by wavelength, for the type and position of the source. Leaves the losses for a
/// point source and for a uniform one in planes of their own.
class PathlossStep final : public Step {
 public:
  explicit PathlossStep(PathlossConfig config) : config_(std::move(config)) {}
  const StepInfo& info() const override;
  MemoryEstimate estimate(const ExposureShape& shape) const override;
  void read_references(References& references) const override;
  StepResult run(Exposure exposure, StepContext& context) const override;

 private:
  PathlossConfig config_;
};

}  // namespace spec2
