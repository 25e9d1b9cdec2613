#include "pipeline/batch/slurm.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <optional>
#include <sstream>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/batch/batch_files.hpp"
#include "pipeline/batch/child_process.hpp"
#include "pipeline/batch/quoting.hpp"

namespace spec2::pipeline::batch {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kSubmitLimit{60}, kAskLimit{15};
/// The gather job reads the record line by line, whatever its length.
constexpr std::size_t kGatherMib = 96;

fs::path folder_of(const Batch& batch) { return batch_folder(batch.output_dir, batch.number); }

std::string script(const Batch& batch, std::string_view comment, std::string_view rest) {
  require_one_line(batch.program.string(), "the path of the program");
  require_one_line(folder_of(batch).string(), "the path of the batch");
  return fmt::format("#!/bin/sh\n# {}\nexec {} {}\n", comment, shell_word(batch.program.string()), rest);
}

/// The options that both kinds of jobs have. `log` may have Slurm's replacements.
std::vector<std::string> common_command(const Batch& batch, std::size_t memory_mib, std::string_view log) {
  std::vector<std::string> words = {
      "sbatch",
      "--parsable",
      "--job-name=" + batch.job_name(),
      fmt::format("--mem={}M", memory_mib),
      "--nodes=1",
      "--ntasks=1",
      "--chdir=" + batch.working_dir.string(),
      "--open-mode=append",
      "--output=" + slurm_file_name((folder_of(batch) / "logs").string()) + fmt::format("/{}", log)};
  const BatchRequest& request = batch.request;
  if (!request.partition.empty()) words.push_back("--partition=" + request.partition);
  if (!request.account.empty()) words.push_back("--account=" + request.account);
  if (!request.time.empty()) words.push_back("--time=" + request.time);
  words.insert(words.end(), request.options.begin(), request.options.end());
  return words;
}

/// "123" of "123;cluster\n".
std::string submitted_job(const std::vector<std::string>& words, const std::string& submitted_before) {
  const auto result = run_child(words, kSubmitLimit);
  std::string why = "sbatch cannot be started or does not answer";
  if (result) {
    std::string job = result->output.substr(0, result->output.find_first_of(";\n"));
    const bool is_number = !job.empty() && job.find_first_not_of("0123456789") == std::string::npos;
    if (result->exit_code == 0 && is_number) return job;
    why = fmt::format("sbatch ended with exit code {}: {}", result->exit_code, result->errors);
    while (why.ends_with('\n')) why.pop_back();
  }
  throw Error(ErrorCause::system, why, {},
              submitted_before.empty()
                  ? "Submit on a machine of the cluster; --dry-run writes the files and prints the commands"
                  : fmt::format("Jobs {} were submitted before: scancel {}", submitted_before, submitted_before));
}

std::string job_list(const Attempt& attempt, char separator) {
  std::string list;
  for (const TaskArray& array : attempt.arrays) {
    if (array.job.empty()) continue;
    if (!list.empty()) list += separator;
    list += array.job;
  }
  return list;
}

std::optional<std::size_t> number_of(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The task of "123_4".
std::optional<std::size_t> task_of(std::string_view job, const Attempt& attempt) {
  const std::size_t at = job.find('_');
  if (at == std::string_view::npos) return std::nullopt;
  const auto index = number_of(job.substr(at + 1));
  const auto array = std::find_if(attempt.arrays.begin(), attempt.arrays.end(),
                                  [&](const TaskArray& one) { return one.job == job.substr(0, at); });
  if (!index || array == attempt.arrays.end() || *index == 0 || *index > array->count) return std::nullopt;
  return array->first + *index - 1;
}

JobState state_of(const std::string& name, std::string reason, std::string job) {
  JobState state{.name = name, .reason = reason == "None" ? std::string() : std::move(reason), .job = std::move(job)};
  state.kind = JobState::Kind::ended;
  for (const char* const waiting :
       {"PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD"}) {
    if (name == waiting) state.kind = JobState::Kind::waiting;
  }
  for (const char* const running : {"RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING"}) {
    if (name == running) state.kind = JobState::Kind::running;
  }
  state.lacked_memory = name == "OUT_OF_MEMORY";
  return state;
}

}  // namespace

std::string slurm_task_script(const Batch& batch) {
  return script(
      batch, "A task of a batch of spec2. Arguments: the attempt; the number of tasks before the array.",
      fmt::format("task {} --attempt \"$1\" --task \"$(($2 + SLURM_ARRAY_TASK_ID))\"", shell_word(folder_of(batch).string())));
}

std::string slurm_gather_script(const Batch& batch) {
  return script(
      batch, "Looks at what came of the tasks of a batch of spec2, and submits again what may end better. Argument: the attempt.",
      fmt::format("gather {} --attempt \"$1\"", shell_word(folder_of(batch).string())));
}

std::vector<std::string> slurm_array_command(const Batch& batch, const Attempt& attempt, const TaskArray& array) {
  std::vector<std::string> words = common_command(batch, array.memory_mib, fmt::format("{}_%A_%a.log", attempt.number));
  const std::size_t most = batch.request.max_parallel;
  words.push_back(fmt::format("--array=1-{}{}", array.count, most > 0 ? fmt::format("%{}", most) : std::string()));
  words.push_back(fmt::format("--cpus-per-task={}", batch.threads));
  words.push_back((folder_of(batch) / "task.sh").string());
  words.push_back(std::to_string(attempt.number));
  words.push_back(std::to_string(array.first - 1));
  return words;
}

std::vector<std::string> slurm_gather_command(const Batch& batch, const Attempt& attempt) {
  std::vector<std::string> words = common_command(batch, kGatherMib, fmt::format("{}_gather.log", attempt.number));
  words.push_back("--dependency=afterany:" + job_list(attempt, ':'));
  words.push_back((folder_of(batch) / "gather.sh").string());
  words.push_back(std::to_string(attempt.number));
  return words;
}

void submit_to_slurm(const Batch& batch, Attempt& attempt) {
  for (TaskArray& array : attempt.arrays) {
    array.job = submitted_job(slurm_array_command(batch, attempt, array), job_list(attempt, ' '));
    write_attempt(batch, attempt);
  }
  attempt.gather_job = submitted_job(slurm_gather_command(batch, attempt), job_list(attempt, ' '));
  write_attempt(batch, attempt);
}

bool slurm_log_tells_lack_of_memory(const Batch& batch, const Attempt& attempt, std::size_t task) {
  constexpr std::streamoff kMostBytes = 1 << 16;
  for (const TaskArray& array : attempt.arrays) {
    if (task < array.first || task >= array.first + array.count) continue;
    const std::string name = fmt::format("{}_{}_{}.log", attempt.number, array.job, task - array.first + 1);
    std::ifstream file(folder_of(batch) / "logs" / name, std::ios::binary | std::ios::ate);
    if (!file) return false;
    file.seekg(std::max<std::streamoff>(0, file.tellg() - kMostBytes));
    for (std::string line; std::getline(file, line);) {
      if (!line.starts_with("slurmstepd")) continue;  // "slurmstepd-node7: error: ..."
      for (const char* const words : {"exceeded memory limit", "Exceeded job memory limit", "oom-kill", "oom_kill"}) {
        if (line.find(words) != std::string::npos) return true;
      }
    }
  }
  return false;
}

std::map<std::size_t, JobState> parse_slurm_states(std::string_view text, const Attempt& attempt) {
  std::map<std::size_t, JobState> states;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string job, name, reason;
    std::getline(fields, job, '|');
    std::getline(fields, name, '|');
    std::getline(fields, reason);
    const auto task = task_of(job, attempt);
    // "CANCELLED by 1000"
    if (task) states[*task] = state_of(name.substr(0, name.find(' ')), reason, job);
  }
  return states;
}

std::map<std::size_t, JobState> slurm_states(const Attempt& attempt) {
  const std::string jobs = job_list(attempt, ',');
  if (jobs.empty()) return {};
  const auto queue =
      run_child({"squeue", "--noheader", "--array", "--states=all", "--format=%i|%T|%r", "--jobs=" + jobs}, kAskLimit);
  auto states = queue && queue->exit_code == 0 ? parse_slurm_states(queue->output, attempt) : std::map<std::size_t, JobState>();
  if (states.size() == attempt.tasks.size()) return states;
  // Slurm forgets ended jobs after some minutes; where it keeps accounts they are there.
  const auto accounts = run_child(
      {"sacct", "--noheader", "--parsable2", "--allocations", "--array", "--format=JobID,State,ExitCode", "--jobs=" + jobs},
      kAskLimit);
  if (accounts && accounts->exit_code == 0) states.merge(parse_slurm_states(accounts->output, attempt));
  return states;
}

}  // namespace spec2::pipeline::batch
