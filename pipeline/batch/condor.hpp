#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/batch/batch.hpp"
#include "pipeline/batch/job_state.hpp"

namespace spec2::pipeline::batch {

constexpr const char* kCondorDag = "batch.dag";

/// The submit file of the tasks; the DAG gives `task` and `memory` of each. Memory that a job was seen to take, and half as
/// much again, is asked when it starts anew; a job that is held for passing what it asked starts anew so.
std::string condor_task_submit(const Batch& batch);
/// The submit file of the node that gathers.
std::string condor_gather_submit(const Batch& batch);
/// A node for each task, with retries, and a last one that gathers whatever came of them. It names files beside it.
std::string condor_dag(const Batch& batch, const Attempt& attempt);
/// The DAG of several batches: each is a sub-DAG. It lies in the folder of the batches.
std::string condor_top_dag(std::span<const Batch> batches);

/// Words that submit a DAG; they are run in its folder.
std::vector<std::string> condor_command(const std::string& batch_name, const std::string& dag);

/// Runs them; gives the cluster of the DAG's job, empty when it is not told. Throws Error(system).
std::string submit_to_condor(const std::vector<std::string>& command, const std::filesystem::path& folder);

/// What condor_q says of the tasks of a batch that are in the queue; empty when it cannot be asked.
std::map<std::size_t, JobState> condor_states(const Batch& batch);
/// Reads the JSON of condor_q.
std::map<std::size_t, JobState> parse_condor_states(std::string_view json);

}  // namespace spec2::pipeline::batch
