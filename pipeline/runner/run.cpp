#include "pipeline/runner/run.hpp"

#include <algorithm>
#include <chrono>
#include <new>

#include "core/memory/block_pool.hpp"
#include "core/memory/resident.hpp"
#include "pipeline/runner/product_run.hpp"
#include "pipeline/runner/product_setup.hpp"
#include "pipeline/runner/resume.hpp"
#include "pipeline/runner/run_association.hpp"
#include "pipeline/runner/run_record.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

const CancelToken kNeverCancelled;

void note_failure(ProductResult& result, const Error& error, const Log& log) {
  result.outcome = ProductOutcome::failed;
  result.cause = error.cause();
  result.reason = error.what();
  log.error("{}", error.what());
}

/// Whether an earlier run did the product, and all that it was made from is as it was; its files are then those of the result.
bool keeps_product(const ProductRecord& now, const RunRecord& record, const RunResources& resources, ProductResult& result) {
  std::string why = "it is not in the record of an earlier run";
  try {
    if (const auto recorded = record.find(now.name)) {
      why = reason_to_redo(*recorded, now, resources);
      if (why.empty()) result.files = product_paths(*recorded, resources.output_dir);
    }
  } catch (const Error& error) {
    why = error.what();
  }
  if (!why.empty()) {
    resources.log.info("redone: {}", why);
    return false;
  }
  resources.log.info("kept: done by an earlier run, and nothing changed since");
  result.outcome = ProductOutcome::done;
  result.is_kept = true;
  return true;
}

/// Carries out a product unless it can be kept. `made_from` is filled as soon as it is known.
void make_product(const Product& product, const RunOptions& options, const ReferenceSelector& selector, const RunRecord& record,
                  const RunResources& resources, ProductRecord& made_from, ProductResult& result) {
  const ProductSetup setup = set_up_product(product, options, selector, resources.log);
  result.name = setup.name;
  for (const PlannedReference& reference : choose_references(setup)) {
    if (!reference.file.empty()) continue;
    throw Error(ErrorCause::reference,
                fmt::format("no reference of type {} for this exposure: {}", reference.type, reference.message),
                {.file = setup.science.string()},
                fmt::format("Choose another context, or give one with --override {}=file", reference.type));
  }
  if (!setup.planned.empty() && setup.planned.front().name == "assign_wcs" && !setup.planned.front().runs) {
    result.outcome = ProductOutcome::skipped;
    result.reason = "assign_wcs is switched off, and nothing can be done without a WCS";
    return;
  }
  remove_leftovers(setup, resources);
  made_from = record_of_setup(setup, resources);
  if (options.resume && keeps_product(made_from, record, resources, result)) return;
  run_product(setup, resources, result);
  result.outcome = ProductOutcome::done;
}

/// Runs one product; what goes wrong is noted in the result.
ProductResult run_one(const Product& product, const RunOptions& options, const ReferenceSelector& selector, RunRecord& record,
                      const RunResources& resources) {
  const auto begin = std::chrono::steady_clock::now();
  ProductResult result;
  result.name = product.name;
  ProductRecord made_from;
  made_from.name = product.root.text;
  try {
    make_product(product, options, selector, record, resources, made_from, result);
  } catch (const Error& error) {
    note_failure(result, error, resources.log);
  } catch (const std::bad_alloc&) {
    note_failure(result, Error(ErrorCause::system, "the system has no more memory", {}, "Set --memory to work within a limit"),
                 resources.log);
  } catch (const std::exception& error) {
    note_failure(result, Error(ErrorCause::internal, error.what(), {}, "This is a defect of spec2; please report it"),
                 resources.log);
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (!result.is_kept) {
    complete_record(made_from, result, resources);
    record.put(made_from, resources.product_count - resources.product_index - 1);
  }
  BlockPool::process().trim();
  return_free_heap();
  result.live_after = resources.account.live_bytes();
  result.resident_after = process_memory().resident;
  return result;
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
  return 0;
}

RunReport run(const RunOptions& options, const RunObservers& observers) {
  const Log log = observers.log ? Log(*observers.log, "") : Log();
  const CancelToken& cancel = observers.cancel ? *observers.cancel : kNeverCancelled;
  Account account("run", options.memory_limit);
  if (observers.account_made) observers.account_made(account);
  const ParameterSet given = given_parameters(options);
  const ReferenceSelector selector = ReferenceSelector::open_or_environment(options.crds_path, options.crds_context);
  const Association association = open_association(options, given, log);
  for (const std::string& warning : association.warnings) log.warning("{}", warning);
  ReferenceCache cache(account, options.reference_cache_limit);
  wcs::Arena arena;
  const Parallel parallel(options.threads);
  RunResources resources{account,
                         cache,
                         arena,
                         parallel,
                         cancel,
                         log,
                         observers.progress,
                         output_folder(products_folder(options, given)),
                         selector.context(),
                         association.table_name,
                         association.pool,
                         options.memory_limit,
                         options.save_steps,
                         0,
                         association.products.size()};
  RunRecord record(resources.output_dir, options.command, log);
  RunReport report;
  report.products.reserve(association.products.size());
  for (const Product& product : association.products) {
    if (cancel.signal() != 0) break;
    resources.log = log.scoped(product.name);
    ProductResult result = run_one(product, options, selector, record, resources);
    if (observers.progress) observers.progress->product_ended(result.name, to_string(result.outcome));
    for (const StepUsage& usage : result.steps) {
      report.peak_live = std::max(report.peak_live, usage.live_peak);
      report.peak_resident = std::max(report.peak_resident, usage.resident_peak);
    }
    if (observers.product_ended) observers.product_ended(result);
    if (!options.keep_details) {
      result.files = std::vector<fs::path>();
      result.steps = std::vector<StepUsage>();
    }
    report.products.push_back(std::move(result));
    ++resources.product_index;
  }
  record.end();
  const auto was_stopped = [](const ProductResult& product) { return product.cause == ErrorCause::interrupted; };
  report.interrupted = report.products.size() < association.products.size() ||
                       std::any_of(report.products.begin(), report.products.end(), was_stopped);
  return report;
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
