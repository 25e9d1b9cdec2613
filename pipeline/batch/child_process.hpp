#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace spec2::pipeline::batch {

/// What came of a program that was run to its end.
struct ChildResult {
  int exit_code = 0;   ///< 128 and the signal when it was ended by one
  std::string output;  ///< standard output
  std::string errors;  ///< standard error
};

/// Runs a program, found by PATH, with its words as they are: no shell sees them. It does not inherit what Slurm tells of the job
/// that we are in, so that a job can submit others. Nothing when it cannot be started or did not end in time (it is killed then).
std::optional<ChildResult> run_child(const std::vector<std::string>& words, std::chrono::milliseconds time_limit,
                                     const std::filesystem::path& folder = {});

}  // namespace spec2::pipeline::batch
