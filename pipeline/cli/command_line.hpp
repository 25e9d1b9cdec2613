#pragma once

#include "core/cancel.hpp"

namespace spec2::pipeline {

/// Parses the words of the command line, does what they ask for, prints the results to standard output and errors to
/// standard error. Returns the exit code of the process (docs/exit_codes.md). Never throws.
int run_command_line(int argc, char** argv, const CancelToken& cancel);

}  // namespace spec2::pipeline
