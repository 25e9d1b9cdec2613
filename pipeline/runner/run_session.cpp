#include "pipeline/runner/run_session.hpp"

#include <chrono>
#include <new>
#include <utility>

#include "core/memory/resident.hpp"
#include "pipeline/runner/input_sums.hpp"
#include "pipeline/runner/product_setup.hpp"
#include "pipeline/runner/resume.hpp"
#include "pipeline/runner/run_mark.hpp"

namespace spec2::pipeline {
namespace {

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
  // A product that may be kept is looked at first.
  std::optional<InputSums> sums;
  if (!options.resume) sums.emplace(product, resources.parallel);
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
  if (!sums) sums.emplace(product, resources.parallel);
  const std::vector<WrittenFile> written = run_product(setup, resources, result);
  for (const WrittenFile& file : written) result.files.push_back(file.path);
  made_from.products = recorded_products(written, resources.output_dir);
  sums->complete(made_from.inputs);
  result.outcome = ProductOutcome::done;
}

}  // namespace

std::string outcome_text(const ProductResult& result) {
  if (result.is_kept) return "kept";
  return std::string(to_string(result.outcome)) + (result.reason.empty() ? "" : ": " + result.reason);
}

RunSession::RunSession(const RunInputs& inputs, const RunObservers& observers, Parallel parallel)
    : inputs_(inputs),
      log_(observers.log ? Log(*observers.log, "") : Log()),
      account_("run", inputs.options.memory_limit),
      memory_(inputs.options.memory_report.empty() ? nullptr : std::make_unique<MemoryRecorder>(account_, inputs.began)),
      cache_(account_, inputs.options.reference_cache_limit),
      parallel_(std::move(parallel)),
      resources_{account_,
                 cache_,
                 arena_,
                 parallel_,
                 observers.cancel ? *observers.cancel : kNeverCancelled,
                 log_,
                 observers.progress,
                 inputs.output_dir,
                 inputs.selector.context(),
                 inputs.association.table_name,
                 inputs.association.pool,
                 inputs.options.memory_limit,
                 inputs.options.save_steps,
                 0,
                 inputs.association.products.size(),
                 memory_.get()} {
  if (observers.account_made) observers.account_made(account_);
}

EndedProduct RunSession::make(std::size_t index, const RunRecord& earlier) {
  const auto begin = std::chrono::steady_clock::now();
  const Product& product = inputs_.association.products[index];
  resources_.product_index = index;
  resources_.log = log_.scoped(product.name);
  ProductResult result;
  result.name = product.name;
  ProductRecord made_from;
  made_from.name = product.root.text;
  if (memory_) memory_->begin_product(index, product.root.text);
  const RunMark mark(inputs_.output_dir, MarkedWork::Kind::product, {product.root.text}, inputs_.options.task);
  try {
    make_product(product, inputs_.options, inputs_.selector, earlier, resources_, made_from, result);
  } catch (const Error& error) {
    note_failure(result, error, resources_.log);
  } catch (const std::bad_alloc&) {
    note_failure(result, Error(ErrorCause::system, "the system has no more memory", {}, "Set --memory to work within a limit"),
                 resources_.log);
  } catch (const std::exception& error) {
    note_failure(result, Error(ErrorCause::internal, error.what(), {}, "This is a defect of spec2; please report it"),
                 resources_.log);
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (!result.is_kept) complete_record(made_from, result);
  made_from.task = inputs_.options.task;
  return_free_memory();
  result.live_after = account_.live_bytes();
  result.resident_after = process_memory().resident;
  EndedProduct ended;
  if (memory_) ended.memory = memory_->end_product(outcome_text(result));
  if (!result.is_kept) ended.record = std::move(made_from);
  ended.result = std::move(result);
  return ended;
}

}  // namespace spec2::pipeline
