#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "pipeline/batch/batch.hpp"
#include "pipeline/runner/run.hpp"

namespace spec2::pipeline::batch {

/// What `spec2 submit` was asked.
struct SubmitOptions {
  BatchRequest request;
  std::vector<std::filesystem::path> associations;
  RunOptions run;                      ///< for all of them; `input` is not looked at
  std::vector<std::string> run_words;  ///< the same as options of `spec2 run`, but for what each task has of its own
  std::filesystem::path program;       ///< that tasks run, as the machines of the batch system find it
  bool is_dry_run = false;
};

/// One association that was handed over, or in a dry run written down.
struct SubmittedBatch {
  Batch batch;
  Attempt attempt;
};

struct Submission {
  std::vector<SubmittedBatch> batches;
  std::string text;  ///< what was submitted, or in a dry run the commands
};

/// Predicts the memory of all products, divides them into tasks, writes the files of each batch and hands them over. Throws
/// Error(user_input) for mistakes before anything is written, Error(system) when the batch system does not take them.
Submission submit(const SubmitOptions& options, const RunObservers& observers);

}  // namespace spec2::pipeline::batch
