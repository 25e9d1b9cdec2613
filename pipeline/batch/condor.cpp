#include "pipeline/batch/condor.hpp"

#include <chrono>
#include <regex>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "pipeline/batch/batch_files.hpp"
#include "pipeline/batch/child_process.hpp"
#include "pipeline/batch/quoting.hpp"
#include "pipeline/batch/task.hpp"

namespace spec2::pipeline::batch {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kSubmitLimit{60}, kAskLimit{15};
constexpr int kHeldForMemory = 34;  ///< HoldReasonCode: memory usage exceeds what was asked
constexpr std::size_t kGatherMib = 96;

fs::path folder_of(const Batch& batch) { return batch_folder(batch.output_dir, batch.number); }

/// What both submit files begin with; `log` names the files that take what the job prints.
std::string submit_head(const Batch& batch, std::span<const std::string> words, std::string_view log) {
  const std::string logs = condor_value((folder_of(batch) / "logs").string(), "the path of the batch");
  std::string text = "universe = vanilla\n";
  text += "executable = " + condor_value(batch.program.string(), "the path of the program") + "\n";
  // The macros of the DAG are not names: they are put in after the quoting.
  text += "arguments = " + condor_arguments(words);
  if (log == "task") text.insert(text.size() - 1, " --task $(task)");
  text += "\n";
  text += "transfer_executable = False\nshould_transfer_files = NO\n";
  text += "initialdir = " + condor_value(batch.working_dir.string(), "the working folder") + "\n";
  const std::string name = log == "task" ? "0_$(task)" : "0_gather";
  text += fmt::format("output = {}/{}.out\nerror = {}/{}.log\nlog = {}/condor.log\n", logs, name, logs, name, logs);
  text += "My.Spec2Batch = " + classad_string(folder_of(batch).string()) + "\n";
  if (!batch.request.account.empty()) text += "accounting_group = " + batch.request.account + "\n";
  return text;
}

std::string submit_tail(const Batch& batch) {
  std::string text;
  for (const std::string& option : batch.request.options) text += option + "\n";
  return text + "queue\n";
}

}  // namespace

std::string condor_task_submit(const Batch& batch) {
  const std::vector<std::string> words = {"task", folder_of(batch).string(), "--attempt", "0"};
  std::string text =
      "# A task of a batch of spec2; batch.dag gives its number and memory (MiB).\n" + submit_head(batch, words, "task");
  text += "My.Spec2Task = $(task)\n";
  text += fmt::format("request_cpus = {}\n", batch.threads);
  text += "request_memory = ifThenElse(isUndefined(MemoryUsage), $(memory), max({$(memory), MemoryUsage * 3 / 2}))\n";
  text += fmt::format("periodic_release = HoldReasonCode == {} && NumJobStarts <= {}\n", kHeldForMemory, batch.request.retries);
  text += fmt::format("periodic_remove = JobStatus == 5 && HoldReasonCode == {} && NumJobStarts > {}\n", kHeldForMemory,
                      batch.request.retries);
  return text + submit_tail(batch);
}

std::string condor_gather_submit(const Batch& batch) {
  const std::vector<std::string> words = {"gather", folder_of(batch).string(), "--attempt", "0"};
  std::string text = "# Says what came of the tasks of a batch of spec2.\n" + submit_head(batch, words, "gather");
  text += fmt::format("request_cpus = 1\nrequest_memory = {}\n", kGatherMib);
  return text + submit_tail(batch);
}

std::string condor_dag(const Batch& batch, const Attempt& attempt) {
  std::string text = "# Tasks of a batch of spec2: attempt_0.json has their products.\n";
  for (std::size_t i = 1; i <= attempt.tasks.size(); ++i) {
    text += fmt::format("JOB task_{0} task.sub\nVARS task_{0} task=\"{0}\" memory=\"{1}\"\n", i, attempt.tasks[i - 1].memory_mib);
    if (batch.request.retries > 0) {
      text += fmt::format("RETRY task_{} {} UNLESS-EXIT {}\n", i, batch.request.retries, kExitFailedForGood);
    }
    if (batch.request.max_parallel > 0) text += fmt::format("CATEGORY task_{} tasks\n", i);
  }
  if (batch.request.max_parallel > 0) text += fmt::format("MAXJOBS tasks {}\n", batch.request.max_parallel);
  return text + "FINAL gather gather.sub\n";
}

std::string condor_top_dag(std::span<const Batch> batches) {
  std::string text = "# Batches of spec2, one for each association.\n";
  for (const Batch& batch : batches) text += fmt::format("SUBDAG EXTERNAL batch_{0} {1} DIR {0}\n", batch.number, kCondorDag);
  return text;
}

std::vector<std::string> condor_command(const std::string& batch_name, const std::string& dag) {
  return {"condor_submit_dag", "-batch-name", batch_name, dag};
}

std::string submit_to_condor(const std::vector<std::string>& command, const fs::path& folder) {
  const auto result = run_child(command, kSubmitLimit, folder);
  if (!result || result->exit_code != 0) {
    std::string why = result ? fmt::format("condor_submit_dag ended with exit code {}: {}", result->exit_code, result->errors)
                             : "condor_submit_dag cannot be started or does not answer";
    while (why.ends_with('\n')) why.pop_back();
    throw Error(ErrorCause::system, why, {}, "Submit on an access point; --dry-run writes the files and prints the commands");
  }
  std::smatch found;
  return std::regex_search(result->output, found, std::regex("submitted to cluster ([0-9]+)")) ? found[1].str() : std::string();
}

std::map<std::size_t, JobState> parse_condor_states(std::string_view json) {
  std::map<std::size_t, JobState> states;
  const auto jobs = nlohmann::json::parse(json, nullptr, false);
  if (!jobs.is_array()) return states;
  for (const auto& job : jobs) {
    try {
      JobState state;
      const int status = job.at("JobStatus");
      state.kind = status == 2 || status == 6 || status == 7 ? JobState::Kind::running
                   : status == 3 || status == 4              ? JobState::Kind::ended
                                                             : JobState::Kind::waiting;
      constexpr const char* kNames[] = {"unexpanded", "idle", "running",      "removed",
                                        "completed",  "held", "transferring", "suspended"};
      state.name = status >= 0 && status < 8 ? kNames[status] : "unknown";
      state.reason = job.value("HoldReason", "");
      state.lacked_memory = job.value("HoldReasonCode", 0) == kHeldForMemory;
      state.job = fmt::format("{}.{}", job.at("ClusterId").get<long>(), job.at("ProcId").get<long>());
      states[job.at("Spec2Task").get<std::size_t>()] = state;
    } catch (const nlohmann::json::exception&) {
      continue;  // the job that gathers, or one of another version
    }
  }
  return states;
}

std::map<std::size_t, JobState> condor_states(const Batch& batch) {
  std::string folder;
  for (const char c : folder_of(batch).string()) folder += c == '\\' || c == '"' ? std::string("\\") + c : std::string(1, c);
  const auto result =
      run_child({"condor_q", "-json", "-attributes", "ClusterId,ProcId,JobStatus,HoldReason,HoldReasonCode,Spec2Task",
                 "-constraint", "Spec2Batch == \"" + folder + "\""},
                kAskLimit);
  return result && result->exit_code == 0 ? parse_condor_states(result->output) : std::map<std::size_t, JobState>();
}

}  // namespace spec2::pipeline::batch
