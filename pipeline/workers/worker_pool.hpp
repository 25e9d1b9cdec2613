#pragma once

#include <cstddef>
#include <functional>

#include "pipeline/runner/run_session.hpp"

namespace spec2::pipeline {

/// Makes the products of a run in `options.workers` worker processes: one that dies costs one product, which is tried again
/// up to `options.retries` times. Workers are replaced after `recycle_after` products or above `recycle_above` resident bytes.
/// `take` gets the products, in the order in which they end. A signal stops all workers at their next safe point.
/// Throws Error(user_input) when this process has other threads: a copy of it would wait for their locks for ever.
void run_in_workers(const RunInputs& inputs, const RunObservers& observers,
                    const std::function<void(std::size_t index, EndedProduct ended)>& take);

}  // namespace spec2::pipeline
