#include "pipeline/batch/gather.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "datamodels/io/file_system.hpp"
#include "pipeline/batch/batch_files.hpp"
#include "pipeline/batch/condor.hpp"
#include "pipeline/batch/outcome.hpp"
#include "pipeline/batch/slurm.hpp"
#include "pipeline/batch/task.hpp"
#include "pipeline/runner/run_mark.hpp"
#include "pipeline/runner/run_record.hpp"
#include "pipeline/runner/step_hooks.hpp"
#include "pipeline/version.hpp"

namespace spec2::pipeline::batch {
namespace {

using States = std::map<std::size_t, JobState>;

/// A product that did not come to a good end.
struct Failure {
  std::string product;
  std::size_t task = 0;
  int exit_code = 0;
  std::string reason;
  bool has_record = false;     ///< of this attempt
  bool lacked_memory = false;  ///< the batch system ended its task for that
};

void require_all_ended(const States& states) {
  for (const auto& [task, state] : states) {
    if (state.kind == JobState::Kind::ended) continue;
    throw Error(ErrorCause::user_input, fmt::format("task {} has not ended: job {} is {}", task, state.job, state.name), {},
                "Gather when all have ended; spec2 status shows how far they are");
  }
}

class Gathering {
 public:
  Gathering(const Batch& batch, std::size_t number, const Log& log)
      : batch_(batch), attempt_(read_attempt(batch, number)), log_(log) {}

  GatherReport run() {
    const bool is_slurm = batch_.request.engine == Engine::slurm;
    const States states = is_slurm ? slurm_states(attempt_) : condor_states(batch_);
    require_all_ended(states);
    remove_leftovers();
    look_at_products(states);
    if (is_slurm && has_attempt(batch_, attempt_.number + 1)) {
      report_.exit_code = kExitTryAgain;
      report_.text += "what may end better was submitted again before\n";
      return std::move(report_);
    }
    if (is_slurm && attempt_.number < batch_.request.retries) submit_again();
    if (report_.again.empty()) finish();
    return std::move(report_);
  }

 private:
  void remove_leftovers() const {
    std::vector<std::string> labels;
    for (std::size_t task = 1; task <= attempt_.tasks.size(); ++task) labels.push_back(batch_.label(attempt_.number, task));
    remove_left_by_tasks(batch_.output_dir, labels);
    io::remove_abandoned(batch_.output_dir);
    remove_abandoned_hook_inputs(batch_.output_dir);
  }

  void look_at_products(const States& states) {
    const auto outcomes = recorded_outcomes(batch_.output_dir);
    for (std::size_t task = 1; task <= attempt_.tasks.size(); ++task) {
      const bool lacked_memory = has_lacked_memory(task, states);
      const std::string label = batch_.label(attempt_.number, task);
      for (const std::string& product : attempt_.tasks[task - 1].products) {
        const auto found = outcomes.find(product);
        if (found != outcomes.end() && found->second.status != "failed") {
          ++report_.done;
        } else if (found != outcomes.end() && found->second.task == label) {
          failures_.push_back({product, task, found->second.exit_code, found->second.error, true, lacked_memory});
        } else {
          failures_.push_back(silent_end(product, task, states, lacked_memory));
        }
      }
    }
  }

  bool has_lacked_memory(std::size_t task, const States& states) const {
    const auto state = states.find(task);
    if (state != states.end() && state->second.lacked_memory) return true;
    return batch_.request.engine == Engine::slurm && slurm_log_tells_lack_of_memory(batch_, attempt_, task);
  }

  /// Of a product whose whole task was ended: nothing could be written down.
  static Failure silent_end(const std::string& product, std::size_t task, const States& states, bool lacked_memory) {
    constexpr int kKilled = 137;
    Failure failure{product, task, lacked_memory ? kKilled : exit_code(ErrorCause::system), "", false, lacked_memory};
    const auto state = states.find(task);
    const std::string job = state == states.end() ? std::string("it was killed, or its machine failed")
                                                  : fmt::format("job {} is {}", state->second.job, state->second.name);
    failure.reason = fmt::format("its task ended without a word{}: {}", lacked_memory ? ", for lack of memory" : "", job);
    return failure;
  }

  void submit_again() {
    std::map<std::size_t, Task> tasks;  // by number of the task that had the product before
    for (const Failure& failure : failures_) {
      if (!may_end_better(failure.exit_code, batch_.own_limit > 0)) continue;
      const std::size_t asked = attempt_.tasks[failure.task - 1].memory_mib;
      Task& task = tasks[failure.task];
      task.products.push_back(failure.product);
      const bool needs_more = failure.lacked_memory || needs_more_memory(failure.exit_code);
      task.memory_mib = std::max(task.memory_mib, needs_more ? 2 * asked : asked);
    }
    if (tasks.empty()) return;
    Attempt next{.number = attempt_.number + 1};
    for (auto& [number, task] : tasks) next.tasks.push_back(std::move(task));
    std::stable_sort(next.tasks.begin(), next.tasks.end(),
                     [](const Task& a, const Task& b) { return std::bit_width(a.memory_mib) < std::bit_width(b.memory_mib); });
    next.arrays = arrays_of(next.tasks);
    try {
      write_attempt(batch_, next);
      submit_to_slurm(batch_, next);
    } catch (const Error& error) {
      log_.error("not submitted again: {}", error.what());
      if (std::none_of(next.arrays.begin(), next.arrays.end(), [](const TaskArray& array) { return !array.job.empty(); })) {
        forget(next);
        return;
      }
    }
    for (const Failure& failure : failures_) {
      if (!may_end_better(failure.exit_code, batch_.own_limit > 0)) continue;
      report_.again.push_back(failure.product);
      report_.text += fmt::format("{}: is tried again ({} of {}): {}\n", failure.product, next.number, batch_.request.retries,
                                  failure.reason);
    }
    report_.exit_code = kExitTryAgain;
  }

  void forget(const Attempt& next) const {
    std::error_code ignored;
    std::filesystem::remove(batch_folder(batch_.output_dir, batch_.number) / fmt::format("attempt_{}.json", next.number),
                            ignored);
  }

  /// The last word: nothing of this batch will be tried again.
  void finish() {
    RunRecord record(batch_.output_dir, {}, log_);
    for (const Failure& failure : failures_) {
      if (!failure.has_record) {
        ProductRecord failed;
        failed.name = failure.product;
        failed.status = "failed";
        failed.error = failure.reason;
        failed.exit_code = failure.exit_code;
        failed.task = batch_.label(attempt_.number, failure.task);
        failed.version = kVersion;
        failed.started = failed.ended = time_text(std::chrono::system_clock::now());
        record.put(failed, 1);
      }
    }
    record.end();
    count_all();
    const nlohmann::ordered_json summary{{"ended", time_text(std::chrono::system_clock::now())},
                                         {"attempts", attempt_.number + 1},
                                         {"done", report_.done},
                                         {"failed", report_.failed},
                                         {"exit_code", report_.exit_code}};
    mark_gathered(batch_, summary.dump(1) + "\n");
  }

  /// Over all attempts.
  void count_all() {
    const auto outcomes = recorded_outcomes(batch_.output_dir);
    report_.done = report_.failed = 0;
    report_.exit_code = 0;
    for (const Task& task : read_attempt(batch_, 0).tasks) {
      for (const std::string& product : task.products) {
        const auto found = outcomes.find(product);
        if (found != outcomes.end() && found->second.status != "failed") {
          ++report_.done;
          continue;
        }
        ++report_.failed;
        const int code = found == outcomes.end() ? exit_code(ErrorCause::system) : documented_code(found->second.exit_code);
        if (report_.exit_code == 0) report_.exit_code = code;
        report_.text += fmt::format("{}: failed: {}\n", product, found == outcomes.end() ? "no record" : found->second.error);
      }
    }
    report_.text += fmt::format("{} products done, {} failed\n", report_.done, report_.failed);
  }

  const Batch& batch_;
  Attempt attempt_;
  const Log& log_;
  std::vector<Failure> failures_;
  GatherReport report_;
};

}  // namespace

GatherReport gather(const Batch& batch, std::size_t attempt_number, const Log& log) {
  return Gathering(batch, attempt_number, log).run();
}

}  // namespace spec2::pipeline::batch
