#include "pipeline/runner/run.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "datamodels/io/fits_file.hpp"
#include "pipeline/runner/memory_output.hpp"
#include "pipeline/runner/product_run.hpp"
#include "pipeline/runner/product_setup.hpp"
#include "pipeline/runner/run_association.hpp"
#include "pipeline/runner/run_mark.hpp"
#include "pipeline/runner/run_record.hpp"
#include "pipeline/runner/run_session.hpp"
#include "pipeline/workers/worker_pool.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

const CancelToken kNeverCancelled;

/// Takes what comes of the products, in whatever order they end.
class RunTally {
 public:
  RunTally(const RunOptions& options, const RunObservers& observers, RunRecord& record, MemoryOutput& memory,
           std::size_t products)
      : options_(options), observers_(observers), record_(record), memory_(memory), results_(products) {}

  void take(std::size_t index, EndedProduct ended) {
    ProductResult& result = ended.result;
    ++ended_;
    memory_.take(index, ended);
    if (ended.record) record_.put(*ended.record, results_.size() - ended_);
    if (observers_.progress) observers_.progress->product_ended(result.name, to_string(result.outcome));
    for (const StepUsage& usage : result.steps) {
      report_.peak_live = std::max(report_.peak_live, usage.live_peak);
      report_.peak_resident = std::max(report_.peak_resident, usage.resident_peak);
    }
    if (observers_.product_ended) observers_.product_ended(result);
    if (!options_.keep_details) {
      result.files = std::vector<fs::path>();
      result.steps = std::vector<StepUsage>();
    }
    results_[index] = std::move(result);
  }

  /// The products that ended, in the order of the association.
  RunReport report() {
    record_.end();
    report_.memory_report_failure = memory_.finish();
    report_.interrupted = ended_ < results_.size();
    report_.products.reserve(ended_);
    for (std::optional<ProductResult>& result : results_) {
      if (!result) continue;
      if (result->cause == ErrorCause::interrupted) report_.interrupted = true;
      report_.products.push_back(std::move(*result));
    }
    return std::move(report_);
  }

 private:
  const RunOptions& options_;
  const RunObservers& observers_;
  RunRecord& record_;
  MemoryOutput& memory_;
  std::vector<std::optional<ProductResult>> results_;
  std::size_t ended_ = 0;
  RunReport report_;
};

std::vector<std::string> names_of(const Association& association) {
  std::vector<std::string> names;
  for (const Product& product : association.products) names.push_back(product.root.text);
  return names;
}

}  // namespace

std::string_view to_string(ProductOutcome outcome) noexcept {
  switch (outcome) {
    case ProductOutcome::done: return "done";
    case ProductOutcome::skipped: return "skipped";
    case ProductOutcome::failed: return "failed";
  }
  return "";
}

int RunReport::exit_code() const {
  for (const ProductResult& product : products) {
    if (product.outcome == ProductOutcome::failed) return spec2::exit_code(product.cause.value_or(ErrorCause::internal));
  }
  return memory_report_failure ? spec2::exit_code(*memory_report_failure) : 0;
}

RunReport run(const RunOptions& options, const RunObservers& observers) {
  const Log log = observers.log ? Log(*observers.log, "") : Log();
  Parallel parallel(options.workers > 0 ? 1 : options.threads);
  // The other threads have nothing else to do while the configuration is read.
  const WorkAhead prepared = parallel.ahead(io::FitsFile::prepare);
  const ParameterSet given = given_parameters(options);
  const ReferenceSelector selector = ReferenceSelector::open_or_environment(options.crds_path, options.crds_context);
  const Association association = open_association(options, given, log);
  for (const std::string& warning : association.warnings) log.warning("{}", warning);
  const RunInputs inputs{options, association, selector, output_folder(products_folder(options, given))};
  RunRecord record(inputs.output_dir, options.command, log);
  MemoryOutput memory(inputs, log);
  RunTally tally(options, observers, record, memory, association.products.size());
  const RunMark mark(inputs.output_dir, MarkedWork::Kind::run, names_of(association), options.task);
  if (options.workers > 0) {
    run_in_workers(inputs, observers, [&](std::size_t i, EndedProduct ended) { tally.take(i, std::move(ended)); });
    return tally.report();
  }
  prepared.finish();
  RunSession session(inputs, observers, std::move(parallel));
  for (std::size_t i = 0; i < association.products.size(); ++i) {
    if (observers.cancel && observers.cancel->signal() != 0) break;
    tally.take(i, session.make(i, record));
  }
  return tally.report();
}

ParameterSet used_parameters(const RunOptions& options) {
  const ReferenceSelector selector = ReferenceSelector::open_or_environment(options.crds_path, options.crds_context);
  const Association association = open_association(options, given_parameters(options), Log());
  return parameters_of(options, selector, io::read_header(association.products.front().science().file).meta, Log());
}

std::vector<ProductPlan> plan(const RunOptions& options, const RunObservers& observers) {
  const Log log = observers.log ? Log(*observers.log, "") : Log();
  const CancelToken& cancel = observers.cancel ? *observers.cancel : kNeverCancelled;
  Account account("plan", options.memory_limit);
  const ReferenceSelector selector = ReferenceSelector::open_or_environment(options.crds_path, options.crds_context);
  const Association association = open_association(options, given_parameters(options), log);
  ReferenceCache cache(account, options.reference_cache_limit);
  wcs::Arena arena;
  const Parallel parallel(1);
  std::vector<ProductPlan> plans;
  for (const Product& product : association.products) {
    ProductPlan& plan = plans.emplace_back();
    plan.name = product.name;
    try {
      const ProductSetup setup = set_up_product(product, options, selector, log);
      plan.name = setup.name;
      plan.science = setup.science.string();
      plan.steps = setup.planned;
      plan.references = choose_references(setup);
      const RunResources resources{account, cache, arena, parallel, cancel, log, nullptr, {}, selector.context(), {}, {},
                                   options.memory_limit, false, 0, 1};
      BlockPlan blocks = plan_memory(setup, resources, options.threads);
      plan.integrations = blocks.total;
      plan.block_integrations = blocks.integrations;
      plan.blocks_peak = blocks.rest_peak;
      plan.memory = std::move(blocks.steps);
    } catch (const Error& error) {
      plan.problem = error.what();
      plan.cause = error.cause();
    }
  }
  return plans;
}

}  // namespace spec2::pipeline
