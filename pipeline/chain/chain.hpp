#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datamodels/metadata.hpp"
#include "steps/step.hpp"
#include "steps/step_parameters.hpp"

namespace spec2::pipeline {

/// Where in the chain a step stands.
enum class ChainPart {
  calibration,  ///< its result goes into the cal product
  extraction    ///< after the cal product is written
};

/// One step of the chain of an exposure: what the peer's pipeline would do with it.
struct PlannedStep {
  std::string name;
  std::string status_keyword;  ///< "S_FLAT"
  ChainPart part = ChainPart::calibration;
  bool runs = false;
  std::string reason;  ///< why it does not run
};

/// Numbers of members that decide steps.
struct MemberCounts {
  std::size_t backgrounds = 0;
  std::size_t imprints = 0;
  std::size_t selfcals = 0;
};

/// Parameters of a step by name.
using ParametersOf = std::function<const StepParameters&(std::string_view step)>;

/// The steps for an exposure with this header, in the order in which they run, with those that the mode or the parameters
/// turn off marked. Source: jwst 3.0.0 calwebb_spec2 (`_step_verification`, `process_exposure_product`). Throws Error(data)
/// when spec2 has no chain for EXP_TYPE.
std::vector<PlannedStep> plan_steps(const Metadata& header, const MemberCounts& members, const ParametersOf& parameters);

/// Makes the step of this name with its configuration. Throws Error(user_input) listing all problems of the parameters.
std::unique_ptr<Step> make_step(std::string_view name, const StepParameters& parameters);

}  // namespace spec2::pipeline
