#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/batch/batch.hpp"
#include "pipeline/batch/job_state.hpp"

namespace spec2::pipeline::batch {

/// The script of a task; its arguments are the attempt and the number of tasks before the first one of the array.
std::string slurm_task_script(const Batch& batch);
/// The script of the job that gathers; its argument is the attempt.
std::string slurm_gather_script(const Batch& batch);

/// Words of sbatch for one array of an attempt, and for the job that gathers after all of them.
std::vector<std::string> slurm_array_command(const Batch& batch, const Attempt& attempt, const TaskArray& array);
std::vector<std::string> slurm_gather_command(const Batch& batch, const Attempt& attempt);

/// Submits arrays and gather job; their numbers go into the file of the attempt as soon as they are known, those of the arrays
/// before the gather job can begin. Throws Error(system), saying which jobs were submitted before.
void submit_to_slurm(const Batch& batch, Attempt& attempt);

/// What squeue, else sacct, says of the tasks of an attempt, by number; empty when neither knows.
std::map<std::size_t, JobState> slurm_states(const Attempt& attempt);

/// Whether Slurm wrote into the log of a task that it was killed for its memory: the state of the job says so only where the
/// kernel (cgroups) did it.
bool slurm_log_tells_lack_of_memory(const Batch& batch, const Attempt& attempt, std::size_t task);

/// Reads "array_index|STATE|reason" of each line.
std::map<std::size_t, JobState> parse_slurm_states(std::string_view text, const Attempt& attempt);

}  // namespace spec2::pipeline::batch
