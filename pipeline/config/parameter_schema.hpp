#pragma once

#include <nlohmann/json_fwd.hpp>

#include "pipeline/config/parameter_table.hpp"

namespace spec2::pipeline {

/// JSON schema (draft 2020-12) of the parameters of a step, with defaults, limits and help; of the pipeline with its steps.
nlohmann::ordered_json parameter_schema(const StepSpec& step, bool inside);

}  // namespace spec2::pipeline
