#include "pipeline/runner/product_run.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <utility>

#include "core/error.hpp"
#include "core/memory/byte_text.hpp"
#include "core/memory/resident.hpp"
#include "pipeline/report/repeat_filter.hpp"
#include "pipeline/runner/chain_run.hpp"
#include "pipeline/runner/integration_blocks.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

/// The run of one product through its chain.
class ProductRun {
 public:
  ProductRun(const ProductSetup& setup, const RunResources& resources, ProductResult& result)
      : setup_(setup), run_(resources), result_(result), account_("exposure " + setup.name, resources.account) {}

  std::vector<WrittenFile> run() {
    run_.arena.reset();
    std::vector<WrittenFile> written;
    try {
      run_.arena.charge_to(&account_);
      run_chain();
      // While the files wait for the disk another thread gives the memory of the chain back.
      const WorkAhead returned = run_.parallel.ahead(return_free_memory);
      const CancelToken::Uninterruptible until_all_are_named(run_.cancel);
      written = files_.commit();
    } catch (...) {
      release();
      throw;
    }
    release();
    return written;
  }

 private:
  void run_chain() {
    ChainRun chain({setup_, run_, account_, files_, estimates_}, first_exposure());
    noting_usage(chain, &ChainRun::run_first);
    require_wcs(chain.exposure());
    const BlockPlan plan = plan_blocks(setup_, chain.exposure(), run_.parallel.threads(), run_.memory_limit);
    check_budget(plan);
    estimates_ = plan.steps;
    if (plan.is_divided()) {
      run_blocks(chain.exposure(), plan);
      return;
    }
    if (!plan.why_whole.empty()) run_.log.info("all {} integrations are held at once: {}", plan.total, plan.why_whole);
    noting_usage(chain, &ChainRun::run_others);
  }

  Exposure first_exposure() const {
    Exposure exposure;
    exposure.kind = setup_.header.kind;
    exposure.data_axes = setup_.is_cube() ? 3 : 2;
    exposure.meta = setup_.header.meta;
    exposure.arena = &run_.arena;
    exposure.meta.set("ASNTABLE", run_.association);
    exposure.meta.set("ASNPOOL", run_.pool);
    exposure.meta.set("CRDS_CTX", run_.context);
    return exposure;
  }

  /// What was measured is told also when a step fails.
  void noting_usage(ChainRun& chain, void (ChainRun::*run)()) {
    try {
      (chain.*run)();
    } catch (...) {
      note_usage(chain);
      throw;
    }
    note_usage(chain);
  }

  void note_usage(ChainRun& chain) {
    for (StepUsage& usage : chain.take_usage()) result_.steps.push_back(std::move(usage));
  }

  /// The first block alone: it begins the files, and steps prepare what holds for all integrations. The others then at the same
  /// time, each on one thread; integrations do not depend on each other, so that the products are the same for any number of
  /// threads.
  void run_blocks(const Exposure& with_wcs, const BlockPlan& plan) {
    RepeatFilter once(run_.log);
    const Log log = run_.log.with_sink(once);
    log.info("{} integrations in blocks of {}", plan.total, plan.integrations);
    for (std::size_t i = 0; i < setup_.planned.size(); ++i) prepared_.emplace_back(account_);
    {
      const RunResources resources = run_.with(run_.parallel, log, run_.progress);
      ChainRun chain = block_run(with_wcs, plan, 0, resources, true);
      noting_usage(chain, &ChainRun::run_others);
    }
    StepUsage rest = begin_rest(plan);
    const auto begin = std::chrono::steady_clock::now();
    run_rest(with_wcs, plan, log);
    rest.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    end_rest(std::move(rest));
  }

  ChainRun block_run(const Exposure& with_wcs, const BlockPlan& plan, std::size_t block, const RunResources& resources,
                     bool measures_memory) {
    Exposure exposure = with_wcs.clone(account_);
    exposure.block = {block * plan.integrations, plan.total};
    return {
        {setup_, resources, account_, files_, estimates_}, std::move(exposure), plan.integrations, prepared_, measures_memory};
  }

  void run_rest(const Exposure& with_wcs, const BlockPlan& plan, const Log& log) {
    const Parallel one_thread(1);
    const RunResources resources = run_.with(one_thread, log, nullptr);
    const std::size_t first_row = result_.steps.size() - (setup_.planned.size() - 1);
    const std::size_t blocks = (plan.total + plan.integrations - 1) / plan.integrations;
    std::mutex lock;
    std::size_t done = 1;
    std::atomic<bool> failed{false};
    const auto run_block = [&](std::size_t block) {
      if (failed) return;  // of what is thrown nothing is kept, so the rest need not be done
      try {
        ChainRun chain = block_run(with_wcs, plan, block, resources, false);
        chain.run_others();
        const std::lock_guard guard(lock);
        for (std::size_t k = 0; k < chain.usage().size(); ++k) result_.steps[first_row + k].seconds += chain.usage()[k].seconds;
        ++done;
        if (run_.progress) {
          run_.progress->integrations_done(setup_.name, std::min(done * plan.integrations, plan.total), plan.total);
        }
      } catch (...) {
        failed = true;
        throw;
      }
    };
    // No more at a time than the plan foresees.
    const Parallel fewer(plan.at_once);
    const Parallel& parallel = plan.at_once == run_.parallel.threads() ? run_.parallel : fewer;
    parallel.for_each(blocks - 1, [&](std::size_t i) { run_block(i + 1); });
  }

  /// The row of the blocks after the first. Their times are in the rows of the steps, too; the memory of single steps cannot be
  /// told apart while several blocks are at work.
  StepUsage begin_rest(const BlockPlan& plan) {
    run_.account.reset_peak();
    reset_peak_resident();
    StepUsage usage;
    usage.exposure = setup_.name;
    usage.step = fmt::format("[{}-{} of {}]", plan.integrations + 1, plan.total, plan.total);
    if (run_.memory) run_.memory->begin_step(usage.step);
    usage.outcome = fmt::format("done: blocks of {} integrations, {} at a time", plan.integrations, plan.at_once);
    usage.live_before = run_.account.live_bytes();
    usage.resident_before = process_memory().resident;
    usage.estimate = plan.rest_peak;
    usage.budget = run_.memory_limit;
    return usage;
  }

  void end_rest(StepUsage usage) {
    const ProcessMemory memory = process_memory();
    usage.live_peak = run_.account.peak_bytes();
    usage.live_after = run_.account.live_bytes();
    usage.resident_peak = memory.peak_resident;
    usage.resident_after = memory.resident;
    if (run_.memory) run_.memory->end_step(usage);
    result_.steps.push_back(std::move(usage));
  }

  /// Everything of the exposure goes before its account does.
  void release() {
    prepared_.clear();
    run_.arena.reset();
    run_.arena.charge_to(nullptr);
  }

  /// Exposures of modes without WCS end here, as in the peer: no later step can do anything with them.
  void require_wcs(const Exposure& exposure) const {
    if (exposure.meta.find_text("S_WCS").value_or("") == "COMPLETE") return;
    throw Error(ErrorCause::data, fmt::format("no WCS could be assigned ({})", result_.steps.back().outcome),
                {.file = setup_.science.string()}, "Give exposures of a spectroscopic mode that spec2 knows");
  }

  /// Refuses before a pixel is read when the chain would pass the limit of the run.
  void check_budget(const BlockPlan& plan) const {
    const auto held_by_others = [&] { return run_.account.live_bytes() - account_.live_bytes(); };
    if (run_.memory_limit == Account::kUnlimited || plan.peak() + held_by_others() <= run_.memory_limit) return;
    // References of this product are in the plan already, and those kept from earlier ones give way.
    run_.cache.clear();
    const std::size_t others = held_by_others();
    if (plan.peak() + others <= run_.memory_limit) return;
    throw Error(ErrorCause::budget,
                fmt::format("the memory limit of {} is too small: {} needs {}, and {} are held by the run",
                            byte_text(run_.memory_limit), plan.peak_step(setup_), byte_text(plan.peak()), byte_text(others)),
                {}, "Raise --memory or use fewer threads; spec2 plan prints what each step needs");
  }

  const ProductSetup& setup_;
  const RunResources& run_;
  ProductResult& result_;
  Account account_;
  PendingFiles files_{run_.parallel};
  PreparedSteps prepared_;
  std::vector<PlannedMemory> estimates_;
};

}  // namespace

RunResources RunResources::with(const Parallel& other_parallel, Log other_log, Progress* other_progress) const {
  return {account, cache,       arena, other_parallel, cancel,     std::move(other_log), other_progress, output_dir,
          context, association, pool,  memory_limit,   save_steps, product_index,        product_count, memory};
}

fs::path output_folder(const fs::path& folder) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (!fs::is_directory(folder)) {
    throw Error(ErrorCause::system, fmt::format("the output folder cannot be made: {}", code.message()),
                {.file = folder.string()}, "Choose another folder with --output-dir");
  }
  return folder;
}

BlockPlan plan_memory(const ProductSetup& setup, const RunResources& resources, std::size_t threads) {
  if (setup.steps.empty() || !setup.steps.front()) return {};
  Account account("plan of " + setup.name, resources.account);
  resources.arena.reset();
  Exposure exposure;
  exposure.kind = setup.header.kind;
  exposure.meta = setup.header.meta;
  exposure.arena = &resources.arena;
  PendingFiles files(resources.parallel);
  StepFiles pending(files, {{}, setup.root}, false);
  StepReferences references(*setup.references, setup.planned.front().name, resources.cache);
  StepContext context{account, resources.log, resources.parallel, resources.cancel, references, pending};
  StepResult result = setup.steps.front()->run(std::move(exposure), context);
  return plan_blocks(setup, result.exposure, threads, resources.memory_limit);
}

std::vector<WrittenFile> run_product(const ProductSetup& setup, const RunResources& resources, ProductResult& result) {
  return ProductRun(setup, resources, result).run();
}

}  // namespace spec2::pipeline
