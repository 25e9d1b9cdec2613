#pragma once

#include <optional>
#include <string>

#include "steps/step.hpp"
#include "steps/step_parameters.hpp"

namespace spec2 {

struct SourceTypeConfig {
  std::optional<std::string> source_type;  ///< POINT or EXTENDED, whatever the header says

  static SourceTypeConfig from(const StepParameters& parameters) { return {parameters.optional_text("source_type")}; }
  bool operator==(const SourceTypeConfig&) const = default;
};

/// Says for each slit whether its source is a point or extended (SRCTYPE).
class SourceTypeStep final : public Step {
 public:
  explicit SourceTypeStep(SourceTypeConfig config) : config_(std::move(config)) {}
  const StepInfo& info() const override;
  MemoryEstimate estimate(const ExposureShape&) const override { return {}; }
  StepResult run(Exposure exposure, StepContext& context) const override;
  bool works_by_integration() const override { return true; }

 private:
  SourceTypeConfig config_;
};

/// The type of the target of an exposure whose EXP_TYPE has one target. `requested` wins; then background targets are
/// extended, time series are points, then SRCTYAPT (SRCTYPE in old files), then nods are points, and points by default.
/// Source: jwst 3.0.0 srctype.set_source_type.
SourceType target_source_type(const Metadata& header, const std::optional<std::string>& requested);

}  // namespace spec2
