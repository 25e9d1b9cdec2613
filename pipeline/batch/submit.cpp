#include "pipeline/batch/submit.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/batch/batch_files.hpp"
#include "pipeline/batch/condor.hpp"
#include "pipeline/batch/quoting.hpp"
#include "pipeline/batch/slurm.hpp"
#include "pipeline/runner/product_run.hpp"
#include "pipeline/runner/product_setup.hpp"
#include "pipeline/runner/run_association.hpp"
#include "pipeline/runner/run_record.hpp"

namespace spec2::pipeline::batch {
namespace {

namespace fs = std::filesystem;

/// The products of one association with their predictions.
struct Predicted {
  fs::path association;
  std::vector<PredictedProduct> products;
};

std::size_t peak_of(const ProductPlan& plan) {
  std::size_t peak = plan.blocks_peak;
  for (const PlannedMemory& memory : plan.memory) peak = std::max(peak, memory.peak);
  return peak;
}

Predicted predict(RunOptions options, const fs::path& association, const RunObservers& observers) {
  options.input = association;
  const Log log = observers.log ? Log(*observers.log, "") : Log();
  const Association opened = open_association(options, given_parameters(options), log);
  const std::vector<ProductPlan> plans = plan(options, observers);
  Predicted predicted{fs::absolute(association).lexically_normal(), {}};
  for (std::size_t i = 0; i < opened.products.size(); ++i) {
    if (!plans[i].problem.empty()) log.warning("{} would fail: {}", opened.products[i].name, plans[i].problem);
    predicted.products.push_back({opened.products[i].root.text, peak_of(plans[i])});
  }
  return predicted;
}

void require_distinct(const std::vector<Predicted>& all) {
  std::map<std::string, const fs::path*> owners;
  for (const Predicted& one : all) {
    for (const PredictedProduct& product : one.products) {
      const auto [owner, is_new] = owners.emplace(product.name, &one.association);
      if (is_new) continue;
      throw Error(ErrorCause::user_input,
                  fmt::format("{} and {} would both write {}", owner->second->string(), one.association.string(), product.name),
                  {.keyword = "--output-dir"}, "Submit them with different folders");
    }
  }
}

std::string described(const SubmittedBatch& one) {
  std::size_t products = 0, most = 0;
  for (const Task& task : one.attempt.tasks) {
    products += task.products.size();
    most = std::max(most, task.memory_mib);
  }
  return fmt::format("batch {}: {}: {} products in {} tasks, memory up to {} MiB\n", one.batch.number,
                     one.batch.association.string(), products, one.attempt.tasks.size(), most);
}

/// Throws for paths that have no form in scripts, before a folder is made.
void check_paths(const Batch& batch, const Attempt& attempt) {
  if (batch.request.engine == Engine::slurm) {
    slurm_task_script(batch);
    for (const std::string& word : slurm_array_command(batch, attempt, attempt.arrays.front())) require_one_line(word, "a path");
  } else {
    condor_task_submit(batch);
  }
}

void write_files(const SubmittedBatch& one) {
  const fs::path folder = batch_folder(one.batch.output_dir, one.batch.number);
  write_batch(one.batch);
  write_attempt(one.batch, one.attempt);
  if (one.batch.request.engine == Engine::slurm) {
    write_whole_file(folder / "task.sh", slurm_task_script(one.batch));
    write_whole_file(folder / "gather.sh", slurm_gather_script(one.batch));
    return;
  }
  write_whole_file(folder / "task.sub", condor_task_submit(one.batch));
  write_whole_file(folder / "gather.sub", condor_gather_submit(one.batch));
  write_whole_file(folder / kCondorDag, condor_dag(one.batch, one.attempt));
}

std::string hand_to_slurm(SubmittedBatch& one, bool is_dry_run) {
  std::string text;
  if (is_dry_run) {
    Attempt shown = one.attempt;
    for (std::size_t i = 0; i < shown.arrays.size(); ++i) {
      text += "  " + shell_command(slurm_array_command(one.batch, shown, shown.arrays[i])) + "\n";
      shown.arrays[i].job = fmt::format("JOB_{}", i + 1);
    }
    return text + "  " + shell_command(slurm_gather_command(one.batch, shown)) + "\n";
  }
  submit_to_slurm(one.batch, one.attempt);
  for (const TaskArray& array : one.attempt.arrays) {
    text += fmt::format("  job {}: {} tasks, {} MiB each\n", array.job, array.count, array.memory_mib);
  }
  return text + fmt::format("  job {}: gathers\n", one.attempt.gather_job);
}

std::string hand_to_condor(std::vector<SubmittedBatch>& all, bool is_dry_run) {
  fs::path folder = batch_folder(all.front().batch.output_dir, all.front().batch.number);
  std::string dag = kCondorDag, name = all.front().batch.job_name();
  if (all.size() > 1) {
    folder = folder.parent_path();
    dag = fmt::format("batches_{}-{}.dag", all.front().batch.number, all.back().batch.number);
    name = fmt::format("spec2_{}_associations", all.size());
    std::vector<Batch> batches;
    for (const SubmittedBatch& one : all) batches.push_back(one.batch);
    write_whole_file(folder / dag, condor_top_dag(batches));
  }
  const std::vector<std::string> command = condor_command(name, dag);
  if (is_dry_run) return fmt::format("  cd {} && {}\n", shell_word(folder.string()), shell_command(command));
  std::string cluster = submit_to_condor(command, folder);
  if (cluster.empty()) cluster = "unknown";  // it was taken, in other words than we know
  for (SubmittedBatch& one : all) {
    one.attempt.gather_job = cluster;
    write_attempt(one.batch, one.attempt);
  }
  return fmt::format("  DAG {} in cluster {}\n", (folder / dag).string(), cluster);
}

}  // namespace

Submission submit(const SubmitOptions& options, const RunObservers& observers) {
  validate(options.request);
  std::vector<Predicted> predicted;
  for (const fs::path& association : options.associations) predicted.push_back(predict(options.run, association, observers));
  require_distinct(predicted);
  RunOptions first = options.run;
  first.input = options.associations.front();
  const fs::path output_dir = fs::absolute(products_folder(first, given_parameters(first))).lexically_normal();
  Submission submission;
  for (const Predicted& one : predicted) {
    SubmittedBatch& made = submission.batches.emplace_back();
    made.batch = {.request = options.request,
                  .created = time_text(std::chrono::system_clock::now()),
                  .association = one.association,
                  .output_dir = output_dir.has_filename() ? output_dir : output_dir.parent_path(),
                  .working_dir = fs::current_path(),
                  .program = options.program,
                  .run_words = options.run_words,
                  .threads = options.run.threads,
                  .own_limit = options.run.memory_limit == Account::kUnlimited ? 0 : options.run.memory_limit};
    made.attempt.tasks = divide(one.products, options.request.chunk, options.run.threads);
    made.attempt.arrays = arrays_of(made.attempt.tasks);
    check_paths(made.batch, made.attempt);
  }
  output_folder(output_dir);
  for (SubmittedBatch& one : submission.batches) {
    one.batch.number = make_batch_folder(one.batch.output_dir);
    write_files(one);
  }
  for (SubmittedBatch& one : submission.batches) {
    submission.text += described(one);
    if (options.request.engine == Engine::slurm) submission.text += hand_to_slurm(one, options.is_dry_run);
  }
  if (options.request.engine == Engine::htcondor) submission.text += hand_to_condor(submission.batches, options.is_dry_run);
  return submission;
}

}  // namespace spec2::pipeline::batch
