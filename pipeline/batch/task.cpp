#include "pipeline/batch/task.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/batch/outcome.hpp"
#include "pipeline/runner/run_record.hpp"
#include "pipeline/version.hpp"

namespace spec2::pipeline::batch {
namespace {

bool failed_in(const RecordedOutcome& outcome, const std::string& label) {
  return outcome.status == "failed" && outcome.task == label;
}

}  // namespace

const Task& task_of(const Attempt& attempt, std::size_t number) {
  if (number >= 1 && number <= attempt.tasks.size()) return attempt.tasks[number - 1];
  throw Error(ErrorCause::user_input, fmt::format("the attempt has no task {}: it has {}", number, attempt.tasks.size()),
              {.keyword = "--task"});
}

std::vector<std::string> products_to_make(const Batch& batch, const Attempt& attempt, std::size_t task) {
  const std::string label = batch.label(attempt.number, task);
  const auto outcomes = recorded_outcomes(batch.output_dir);
  std::vector<std::string> products = task_of(attempt, task).products;
  std::erase_if(products, [&](const std::string& product) {
    const auto found = outcomes.find(product);
    return found != outcomes.end() && failed_in(found->second, label) &&
           !may_end_better(found->second.exit_code, batch.own_limit > 0);
  });
  return products;
}

int settle_task(const Batch& batch, const Attempt& attempt, std::size_t task, int run_code) {
  const std::string label = batch.label(attempt.number, task);
  const auto outcomes = recorded_outcomes(batch.output_dir);
  RunRecord record(batch.output_dir, {}, Log());
  bool has_failed = false, may_try_again = false;
  for (const std::string& product : task_of(attempt, task).products) {
    const auto found = outcomes.find(product);
    if (found != outcomes.end() && found->second.status != "failed") continue;
    int code = run_code;
    if (found != outcomes.end() && failed_in(found->second, label)) {
      code = found->second.exit_code;
    } else if (run_code != 0) {
      ProductRecord failed;
      failed.name = product;
      failed.status = "failed";
      failed.error = fmt::format("the run ended with exit code {} before this product; the log of the task says why", run_code);
      failed.exit_code = run_code;
      failed.task = label;
      failed.version = kVersion;
      failed.started = failed.ended = time_text(std::chrono::system_clock::now());
      record.put(failed, 1);
    }
    has_failed = has_failed || code != 0;
    may_try_again = may_try_again || may_end_better(code, batch.own_limit > 0);
  }
  record.end();
  if (!has_failed) return 0;
  return may_try_again ? kExitTryAgain : kExitFailedForGood;
}

}  // namespace spec2::pipeline::batch
