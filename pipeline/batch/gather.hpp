#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/log.hpp"
#include "pipeline/batch/batch.hpp"

namespace spec2::pipeline::batch {

/// What the gather job found and did.
struct GatherReport {
  std::size_t done = 0;  ///< or skipped
  std::size_t failed = 0;
  std::vector<std::string> again;  ///< products that were submitted again
  int exit_code = 0;               ///< of the first product that failed; kExitTryAgain when products are tried again
  std::string text;                ///< for the log of the job
};

/// Looks at what came of all tasks of an attempt, which have ended. What died or what the system failed is submitted again
/// (Slurm; HTCondor's DAG did that by itself) as long as the batch has retries left, with more memory where that was lacking.
/// What is not tried again and has no record gets one, with the reason. Doing it twice changes nothing.
/// Throws Error(user_input) while tasks wait or run.
GatherReport gather(const Batch& batch, std::size_t attempt_number, const Log& log);

}  // namespace spec2::pipeline::batch
