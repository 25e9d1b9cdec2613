#pragma once

#include <string>

#include "pipeline/config/parameter_set.hpp"

namespace spec2::pipeline {

/// The set as a parameter file in ASDF form (stpipe schema step_config 1.0.0), which spec2 and the peer read. Parameters that
/// the peer does not know (memory_budget) are written only when they are given.
std::string to_asdf(const ParameterSet& set, DumpScope scope);

}  // namespace spec2::pipeline
