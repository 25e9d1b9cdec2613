#pragma once

#include <memory>

#include "pipeline/config/parameter_set.hpp"
#include "pipeline/runner/exposure_references.hpp"
#include "steps/step.hpp"

namespace spec2::pipeline {

/// extract_2d and extract_1d ahead of the chain, with parameters and references of the CRDS context whatever the user gives for
/// the chain itself. Nothing is saved. Source: jwst 3.0.0 clean_flicker_noise.tso_median_image.
class DraftExtraction final : public DraftSpectra {
 public:
  /// `parameters`: defaults and parameter references.
  DraftExtraction(const ReferenceSelector& selector, ParameterSet parameters, const Metadata& header);
  std::vector<Spectrum> extract(const Exposure& exposure, StepContext& context) const override;

 private:
  StepResult run(const Step& step, Exposure exposure, StepContext& context) const;

  ParameterSet parameters_;
  ExposureReferences references_;
  std::unique_ptr<Step> extract_2d_;
  std::unique_ptr<Step> extract_1d_;
};

}  // namespace spec2::pipeline
