#include "pipeline/batch/status.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/batch/batch_files.hpp"
#include "pipeline/batch/condor.hpp"
#include "pipeline/batch/outcome.hpp"
#include "pipeline/batch/slurm.hpp"
#include "pipeline/batch/task.hpp"
#include "pipeline/runner/run_mark.hpp"
#include "pipeline/runner/run_record.hpp"

namespace spec2::pipeline::batch {
namespace {

namespace fs = std::filesystem;

/// Seconds since a time as `time_text` writes it.
double seconds_since(const std::string& time) {
  std::tm parts{};
  if (!::strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts)) return 0.0;
  return std::max(0.0, std::difftime(::time(nullptr), ::timegm(&parts)));
}

class StatusReader {
 public:
  explicit StatusReader(const fs::path& folder) : outcomes_(recorded_outcomes(folder)), marks_(find_marks(folder)) {
    status_.folder = folder;
  }

  FolderStatus read() {
    for (const std::size_t number : batch_numbers(status_.folder)) read_batch_of(number);
    for (const FoundMark& mark : marks_) {
      if (mark.work.kind == MarkedWork::Kind::run && mark.work.task.empty()) read_run(mark.work);
    }
    for (const auto& [name, outcome] : outcomes_) {
      if (!places_.contains(name)) settle(product(name), outcome);
    }
    if (status_.products.empty() && status_.batches.empty()) {
      throw Error(ErrorCause::user_input, "no run has left anything in this folder", {.file = status_.folder.string()},
                  "Give the --output-dir of spec2 run or spec2 submit");
    }
    return std::move(status_);
  }

 private:
  /// The entry of a product, made when it is new. A later batch or run has the last word.
  ProductStatus& product(const std::string& name) {
    const auto [place, is_new] = places_.try_emplace(name, status_.products.size());
    if (is_new) status_.products.push_back({.name = name});
    ProductStatus& entry = status_.products[place->second];
    return entry = {.name = name, .task = entry.task, .asked_mib = entry.asked_mib};
  }

  static void settle(ProductStatus& entry, const RecordedOutcome& outcome) {
    entry.state = outcome.status == "done"      ? ProductState::done
                  : outcome.status == "skipped" ? ProductState::skipped
                                                : ProductState::failed;
    entry.reason = outcome.error;
    entry.exit_code = outcome.exit_code;
    entry.seconds = outcome.seconds;
    entry.peak_resident = outcome.peak_resident;
    if (!outcome.task.empty()) entry.task = outcome.task;
  }

  const RecordedOutcome* outcome_of(const std::string& name) const {
    const auto found = outcomes_.find(name);
    return found == outcomes_.end() ? nullptr : &found->second;
  }

  /// The living process that makes the product; of another machine, one whose mark is there.
  const MarkedWork* work_at(const std::string& name, const std::string& task) const {
    for (const FoundMark& mark : marks_) {
      const MarkedWork& work = mark.work;
      if (work.kind != MarkedWork::Kind::product || work.task != task || work.products.front() != name) continue;
      if (life_of(work.process) != ProcessLife::ended) return &work;
    }
    return nullptr;
  }

  static void set_running(ProductStatus& entry, const MarkedWork& work) {
    entry.state = ProductState::running;
    entry.reason = fmt::format("process {} on {}", work.process.process, work.process.host);
    entry.seconds = seconds_since(work.started);
  }

  void read_batch_of(std::size_t number) {
    const Batch batch = read_batch(batch_folder(status_.folder, number));
    const Attempt first = read_attempt(batch, 0), last = last_attempt(batch);
    BatchStatus& entry = status_.batches.emplace_back();
    entry = {number, batch.request.engine, batch.association.string(), last.number, batch.request.retries, is_gathered(batch),
             {}};
    for (const TaskArray& array : last.arrays) {
      if (!array.job.empty()) entry.jobs.push_back(array.job);
    }
    if (!last.gather_job.empty()) entry.jobs.push_back(last.gather_job);
    std::map<std::size_t, JobState> states;
    if (!entry.is_gathered && !entry.jobs.empty()) {
      states = batch.request.engine == Engine::slurm ? slurm_states(last) : condor_states(batch);
    }
    std::map<std::string, std::size_t> tasks;  // of the last attempt
    for (std::size_t task = 1; task <= last.tasks.size(); ++task) {
      for (const std::string& name : last.tasks[task - 1].products) tasks[name] = task;
    }
    for (std::size_t task = 1; task <= first.tasks.size(); ++task) {
      for (const std::string& name : first.tasks[task - 1].products) {
        ProductStatus& one = product(name);
        const auto in_last = tasks.find(name);
        const bool is_in_last = in_last != tasks.end();
        one.asked_mib = is_in_last ? last.tasks[in_last->second - 1].memory_mib : first.tasks[task - 1].memory_mib;
        one.task = is_in_last ? batch.label(last.number, in_last->second) : batch.label(0, task);
        const auto state = is_in_last ? states.find(in_last->second) : states.end();
        read_product(one, batch, entry, is_in_last, state == states.end() ? nullptr : &state->second);
      }
    }
  }

  void read_product(ProductStatus& one, const Batch& batch, const BatchStatus& entry, bool is_in_last, const JobState* job) {
    if (job) one.job = job->job;
    if (const MarkedWork* const work = work_at(one.name, one.task)) return set_running(one, *work);
    const RecordedOutcome* const outcome = outcome_of(one.name);
    const bool is_settled = outcome && (outcome->status != "failed" || !is_in_last || outcome->task == one.task);
    const bool will_be_tried_again = is_settled && outcome->status == "failed" && is_in_last && !entry.is_gathered &&
                                     entry.attempt < entry.retries && may_end_better(outcome->exit_code, batch.own_limit > 0);
    if (is_settled && !will_be_tried_again) return settle(one, *outcome);
    one.state = ProductState::waiting;
    if (entry.is_gathered) {
      one.state = ProductState::stopped;
      one.reason = "its task ended without a word";
      one.exit_code = spec2::exit_code(ErrorCause::system);
    } else if (will_be_tried_again) {
      one.reason = "will be tried again: " + outcome->error;
    } else if (entry.jobs.empty()) {
      one.reason = "was not submitted";
    } else if (!job) {
      one.reason = fmt::format("was submitted to {}", to_string(batch.request.engine));
    } else if (job->kind == JobState::Kind::running) {
      one.reason = "its task runs";
    } else if (job->kind == JobState::Kind::ended) {
      one.reason = fmt::format("its task ended ({}); the job that gathers sees to it", job->name);
    } else {
      one.reason = job->reason.empty() ? job->name : fmt::format("{}: {}", job->name, job->reason);
    }
    if (entry.attempt > 0 && is_in_last && outcome && !is_settled) one.reason += "; before, it failed: " + outcome->error;
  }

  void read_run(const MarkedWork& run) {
    const bool has_ended = life_of(run.process) == ProcessLife::ended;
    for (const std::string& name : run.products) {
      const MarkedWork* const work = work_at(name, "");
      const RecordedOutcome* const outcome = outcome_of(name);
      ProductStatus& one = product(name);
      if (work) {
        set_running(one, *work);
      } else if (outcome && (has_ended || outcome->status != "failed" || outcome->ended >= run.started)) {
        settle(one, *outcome);
      } else if (has_ended) {
        one.state = ProductState::stopped;
        one.reason = fmt::format("the run (process {} on {}) ended before it was done; spec2 run --resume makes it",
                                 run.process.process, run.process.host);
        one.exit_code = spec2::exit_code(ErrorCause::system);
      } else {
        one.reason = outcome ? "will be tried again: " + outcome->error
                             : fmt::format("for the run in process {} on {}", run.process.process, run.process.host);
      }
    }
  }

  FolderStatus status_;
  std::map<std::string, RecordedOutcome> outcomes_;
  std::vector<FoundMark> marks_;
  std::map<std::string, std::size_t> places_;  ///< of products in the status
};

}  // namespace

std::string_view to_string(ProductState state) noexcept {
  switch (state) {
    case ProductState::waiting: return "waiting";
    case ProductState::running: return "running";
    case ProductState::done: return "done";
    case ProductState::skipped: return "skipped";
    case ProductState::failed: return "failed";
    case ProductState::stopped: return "stopped";
  }
  return "";
}

std::size_t FolderStatus::count(ProductState state) const {
  return static_cast<std::size_t>(
      std::count_if(products.begin(), products.end(), [&](const ProductStatus& one) { return one.state == state; }));
}

int FolderStatus::exit_code() const {
  if (count(ProductState::waiting) + count(ProductState::running) > 0) return kExitTryAgain;
  for (const ProductStatus& one : products) {
    if (one.state == ProductState::failed || one.state == ProductState::stopped) return documented_code(one.exit_code);
  }
  return 0;
}

FolderStatus folder_status(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw Error(ErrorCause::user_input, "there is no such folder", {.file = folder.string()}, "Give the --output-dir of a run");
  }
  return StatusReader(folder).read();
}

}  // namespace spec2::pipeline::batch
