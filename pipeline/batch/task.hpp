#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pipeline/batch/batch.hpp"

namespace spec2::pipeline::batch {

/// Exit codes of `spec2 task` when a product failed: whether another try may end better is what a batch system must know.
constexpr int kExitFailedForGood = 65;
constexpr int kExitTryAgain = 75;

/// Products of a task that are still to be made: without those that this task tried before and that failed for good.
std::vector<std::string> products_to_make(const Batch& batch, const Attempt& attempt, std::size_t task);

/// After `spec2 run` ended with `run_code`: 0 when all products of the task are done or skipped, else one of the codes above.
/// What has no record then (the run stopped before any product) gets one, so that it is known why.
int settle_task(const Batch& batch, const Attempt& attempt, std::size_t task, int run_code);

/// The task with this number, counted from 1. Throws Error(user_input).
const Task& task_of(const Attempt& attempt, std::size_t number);

}  // namespace spec2::pipeline::batch
