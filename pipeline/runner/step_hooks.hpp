#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/log.hpp"
#include "datamodels/exposure.hpp"
#include "pipeline/config/parameter_set.hpp"

namespace spec2::pipeline {

/// Refuses what cannot run: Python hooks always (there is no interpreter here), commands unless the user's own command line
/// allows them. A configuration file that somebody sent must not run programs. Throws Error(user_input) naming step and hook.
void check_hooks(const ParameterSet& parameters, bool commands_allowed);

/// Runs the commands of pre_hooks or post_hooks of a step, by the shell, one after the other. `{0}` in a command is replaced by
/// the name of a file with the exposure as it is then, written into `folder` and removed afterwards; commands cannot change the
/// exposure. Throws Error(user_input) when one fails. Source: stpipe, SystemCall.
void run_hooks(const std::vector<std::string>& commands, const Exposure& exposure, const std::filesystem::path& folder,
               const std::string& name, const Log& log);

/// Removes what processes of this machine that died in a hook had written for it.
void remove_abandoned_hook_inputs(const std::filesystem::path& folder);
/// The same for one process, which is known to have ended on the machine with this tag.
void remove_hook_inputs(const std::filesystem::path& folder, long process, const std::string& machine);

}  // namespace spec2::pipeline
