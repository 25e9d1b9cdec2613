#include "pipeline/runner/product_run.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/error.hpp"
#include "core/memory/byte_text.hpp"
#include "core/memory/resident.hpp"
#include "datamodels/io/write_product.hpp"
#include "pipeline/runner/output_place.hpp"
#include "pipeline/runner/step_hooks.hpp"
#include "pipeline/version.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

/// Files of a product: written under temporary names, and named together at the end.
class PendingFiles {
 public:
  /// Gives the name the file will have. The folder is made when it is not there.
  fs::path add(const Exposure& exposure, const OutputPlace& place, std::string_view suffix) {
    const fs::path path = output_folder(place.folder) / place.root.file_name(suffix);
    files_.push_back(io::write_product(exposure, path, {fmt::format("spec2 {}", kVersion)}));
    return path;
  }
  std::vector<fs::path> commit() {
    io::commit_together(files_);
    std::vector<fs::path> names;
    for (const io::ProductFile& file : files_) names.push_back(file.path());
    files_.clear();
    return names;
  }

 private:
  std::vector<io::ProductFile> files_;
};

/// What a step writes beside its result.
class StepFiles final : public SideProducts {
 public:
  StepFiles(PendingFiles& files, OutputPlace place) : files_(files), place_(std::move(place)) {}
  void write(const Exposure& exposure, std::string_view suffix) override { files_.add(exposure, place_, suffix); }

 private:
  PendingFiles& files_;
  OutputPlace place_;
};

std::string outcome_text(const StepResult& outcome) {
  switch (outcome.status) {
    case StepStatus::complete: return "done";
    case StepStatus::skipped: return "skipped: " + outcome.reason;
    case StepStatus::failed: return "failed: " + outcome.reason;
  }
  return {};
}

/// `memory_budget` of the step, which holds for what the step itself allocates.
std::size_t budget_of(const StepParameters& parameters, std::string_view step) {
  const auto text = parameters.optional_text("memory_budget");
  return text ? parse_bytes(*text, fmt::format("{}.memory_budget", step)) : Account::kUnlimited;
}

/// The run of one product through its chain.
class ProductRun {
 public:
  ProductRun(const ProductSetup& setup, const RunResources& resources, ProductResult& result)
      : setup_(setup), run_(resources), result_(result), account_("exposure " + setup.name, resources.account),
        products_{resources.output_dir, setup.root}, science_file_(setup.science) {}

  void run() {
    run_.arena.reset();
    run_.arena.charge_to(&account_);
    try {
      start();
      for (std::size_t i = 0; i < setup_.planned.size(); ++i) {
        if (is_first_of_extraction(i)) write_calibrated();
        run_step(i);
        if (setup_.planned[i].name == "assign_wcs") {
          require_wcs();
          check_budget();
        }
      }
      if (!calibrated_written_) write_calibrated();
      const CancelToken::Uninterruptible until_all_are_named(run_.cancel);
      result_.files = pending_.commit();
    } catch (...) {
      release();
      throw;
    }
    release();
  }

 private:
  void start() {
    exposure_.kind = setup_.header.kind;
    exposure_.data_axes = setup_.is_cube() ? 3 : 2;
    exposure_.meta = setup_.header.meta;
    exposure_.arena = &run_.arena;
    exposure_.meta.set("ASNTABLE", run_.association);
    exposure_.meta.set("ASNPOOL", run_.pool);
    exposure_.meta.set("CRDS_CTX", run_.context);
  }

  bool is_first_of_extraction(std::size_t i) const {
    return !calibrated_written_ && setup_.planned[i].part == ChainPart::extraction;
  }

  /// Everything of the exposure goes before its account does.
  void release() {
    exposure_ = Exposure();
    backgrounds_.clear();
    selfcals_.clear();
    run_.arena.reset();
    run_.arena.charge_to(nullptr);
  }

  /// Exposures of modes without WCS end here, as in the peer: no later step can do anything with them.
  void require_wcs() const {
    if (exposure_.meta.find_text("S_WCS").value_or("") == "COMPLETE") return;
    throw Error(ErrorCause::data, fmt::format("no WCS could be assigned ({})", result_.steps.back().outcome), {.file = setup_.science.string()},
                "Give exposures of a spectroscopic mode that spec2 knows");
  }

  /// Refuses before a pixel is read when the chain would pass the limit of the run.
  void check_budget() {
    const ExposureShape shape = exposure_shape(setup_, exposure_, run_.parallel.threads());
    const auto predicted = predict_memory(setup_, shape);
    estimates_.assign(predicted.begin(), predicted.end());
    const auto largest = std::max_element(predicted.begin(), predicted.end(),
                                          [](const PlannedMemory& a, const PlannedMemory& b) { return a.peak < b.peak; });
    const std::size_t others = run_.account.live_bytes() - account_.live_bytes();
    if (largest == predicted.end() || run_.memory_limit == Account::kUnlimited || largest->peak + others <= run_.memory_limit) return;
    const std::string& step = setup_.planned[static_cast<std::size_t>(largest - predicted.begin())].name;
    throw Error(ErrorCause::budget,
                fmt::format("the memory limit of {} is too small: {} needs {}, and {} are held by the run", byte_text(run_.memory_limit), step,
                            byte_text(largest->peak), byte_text(others)),
                {}, "Raise --memory or use fewer threads; spec2 plan prints what each step needs");
  }

  void load_planes() {
    if (planes_loaded_) return;
    io::read_planes(setup_.science, exposure_, std::span(io::kRatePlanes.begin(), io::kRatePlanes.size()), account_);
    planes_loaded_ = true;
  }

  /// What the step needs and is not in memory yet: the planes of the exposure, background and selfcal members. Files are read
  /// at the same time when there are threads; the first error in their order is the one reported.
  void load_images(bool planes, const std::string& step) {
    const std::size_t backgrounds = uses_backgrounds(step) && backgrounds_.empty() ? setup_.backgrounds.size() : 0;
    const std::size_t selfcals = step == "badpix_selfcal" && selfcals_.empty() ? setup_.selfcals.size() : 0;
    if (backgrounds > 0) backgrounds_.resize(backgrounds);
    if (selfcals > 0) selfcals_.resize(selfcals);
    run_.parallel.for_each(1 + backgrounds + selfcals, [&](std::size_t i) {
      if (i == 0) {
        if (planes) load_planes();
      } else if (i <= backgrounds) {
        backgrounds_[i - 1] = io::read_exposure(setup_.backgrounds[i - 1], account_);
      } else {
        selfcals_[i - 1 - backgrounds] = io::read_exposure(setup_.selfcals[i - 1 - backgrounds], account_);
      }
    });
  }

  void skip_step(const PlannedStep& planned, const std::string& reason) {
    if (!planned.status_keyword.empty()) exposure_.meta.set(planned.status_keyword, "SKIPPED");
    StepUsage usage;
    usage.exposure = setup_.name;
    usage.step = planned.name;
    usage.outcome = "skipped: " + reason;
    usage.live_before = usage.live_peak = usage.live_after = run_.account.live_bytes();
    usage.resident_before = usage.resident_peak = usage.resident_after = process_memory().resident;
    usage.budget = run_.memory_limit;
    result_.steps.push_back(std::move(usage));
    run_.log.scoped(planned.name).info("skipped: {}", reason);
  }

  void run_step(std::size_t i) {
    const PlannedStep& planned = setup_.planned[i];
    if (!planned.runs) {
      skip_step(planned, planned.reason);
      release_members(planned.name);
      return;
    }
    run_.cancel.check();
    if (run_.progress) {
      run_.progress->step_started(setup_.name, run_.product_index, run_.product_count, planned.name, i, setup_.planned.size());
    }
    try {
      execute(i, planned, *setup_.steps[i]);
    } catch (Error& error) {
      error.add_context(planned.name, setup_.name);
      throw;
    }
  }

  void execute(std::size_t i, const PlannedStep& planned, const Step& step) {
    const auto begin = std::chrono::steady_clock::now();
    load_images(step.info().needs.has(PlaneKind::sci), planned.name);
    StepUsage usage;
    usage.exposure = setup_.name;
    usage.step = planned.name;
    usage.live_before = run_.account.live_bytes();
    run_.account.reset_peak();
    reset_peak_resident();
    usage.resident_before = process_memory().resident;
    {
      const std::size_t budget = budget_of(setup_.parameters.step(planned.name), planned.name);
      usage.budget = std::min(run_.memory_limit, budget);
      Account step_account("step " + planned.name, account_, budget);
      StepReferences references(*setup_.references, planned.name, run_.cache);
      // What clean_flicker_noise writes is named after the member it works on, not after the product.
      StepFiles files(pending_, planned.name == "clean_flicker_noise" ? member_place(planned.name, science_file_) : place_of(planned.name));
      StepContext context{step_account, run_.log.scoped(planned.name), run_.parallel, run_.cancel, references, files,
                          backgrounds_, selfcals_, budget};
      call_hooks(planned.name, "pre_hooks", context.log);
      StepResult outcome = step.run(std::move(exposure_), context);
      exposure_ = std::move(outcome.exposure);
      exposure_.charge_to(account_);
      for (const auto& [keyword, value] : references.used()) exposure_.meta.set(keyword, value);
      if (!planned.status_keyword.empty()) exposure_.meta.set(planned.status_keyword, std::string(to_string(outcome.status)));
      usage.outcome = outcome_text(outcome);
      if (outcome.status != StepStatus::complete) context.log.info("{}", usage.outcome);
      call_hooks(planned.name, "post_hooks", context.log);
      save(planned, outcome.status);
      if (planned.name == "clean_flicker_noise") clean_backgrounds(planned, step, context);
    }
    release_members(planned.name);
    const ProcessMemory memory = process_memory();
    usage.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    usage.live_peak = run_.account.peak_bytes();
    usage.live_after = run_.account.live_bytes();
    usage.resident_peak = memory.peak_resident;
    usage.resident_after = memory.resident;
    if (i < estimates_.size()) {
      usage.estimate = estimates_[i].peak;
    } else {
      const MemoryEstimate estimate = step.estimate({});
      usage.estimate = usage.live_before + estimate.added + estimate.scratch;
    }
    result_.steps.push_back(std::move(usage));
  }

  void call_hooks(const std::string& step, const char* when, const Log& log) {
    const auto commands = setup_.parameters.step(step).optional_list(when);
    if (!commands || commands->empty()) return;
    run_hooks(*commands, exposure_, run_.output_dir, fmt::format("{}_{}", setup_.name, step), log);
  }

  /// The last step that can use them was the one named.
  void release_members(const std::string& step) {
    if (step == "bkg_subtract") backgrounds_.clear();
    if (step == "badpix_selfcal") selfcals_.clear();
  }

  bool is_saved(const std::string& step) const {
    // save_bsub is the peer's old name of bkg_subtract.save_results.
    const bool by_old_name = step == "bkg_subtract" && setup_.parameters.pipeline().boolean("save_bsub");
    const StepParameters& parameters = setup_.parameters.step(step);
    return run_.save_steps || by_old_name || parameters.boolean("save_results") || !parameters.is_none("output_file");
  }

  /// The peer cleans background members as it cleans the exposure. Slits lie where they lie in the exposure: a background
  /// with another tilt of the grating wheel is of no use to bkg_subtract.
  void clean_backgrounds(const PlannedStep& planned, const Step& step, const StepContext& of_science) {
    for (std::size_t i = 0; i < backgrounds_.size(); ++i) {
      StepFiles files(pending_, member_place(planned.name, background_file(i)));
      StepContext context{of_science.account, of_science.log, run_.parallel, run_.cancel, of_science.references, files};
      Exposure member = std::move(backgrounds_[i]);
      for (const Slit& slit : exposure_.slits) member.slits.emplace_back().wcs = slit.wcs;
      StepResult outcome = step.run(std::move(member), context);
      backgrounds_[i] = std::move(outcome.exposure);
      backgrounds_[i].slits.clear();
      backgrounds_[i].charge_to(account_);
      backgrounds_[i].meta.set(planned.status_keyword, std::string(to_string(outcome.status)));
      if (is_saved(planned.name)) files.write(backgrounds_[i], planned.name);
    }
  }

  void save(const PlannedStep& planned, StepStatus status) {
    const bool by_pipeline = planned.name == "resample_spec" || planned.name == "extract_1d";
    if (by_pipeline) {
      // The peer writes the s2d file also when resample_spec skips itself for slits with integrations.
      if (planned.name == "resample_spec") write(place_of(planned.name), "s2d");
      else if (status == StepStatus::complete) write(place_of(planned.name), setup_.is_cube() ? "x1dints" : "x1d");
      return;
    }
    // A step that skips itself is saved all the same, as by the peer.
    if (!is_saved(planned.name)) return;
    if (!planes_loaded_) load_planes();
    write(place_of(planned.name), suffix_of(planned.name));
  }

  /// The pipeline names what bkg_subtract saves, whatever its `suffix` is.
  std::string suffix_of(const std::string& step) const {
    if (step == "bkg_subtract") return setup_.is_cube() ? "bsubints" : "bsub";
    return setup_.parameters.step(step).optional_text("suffix").value_or(step);
  }

  OutputPlace place_of(const std::string& step) const { return output_place(setup_.parameters.step(step), products_, science_file_); }

  /// For files named after a member.
  OutputPlace member_place(const std::string& step, const fs::path& member) const {
    return {place_of(step).folder, product_root(member.filename().string())};
  }

  /// The exposure bears the name from then on.
  void write(const OutputPlace& place, const std::string& suffix) {
    science_file_ = pending_.add(exposure_, place, suffix).filename();
  }

  /// The name a background member was read from, or that under which badpix_selfcal wrote it.
  fs::path background_file(std::size_t i) const {
    const PlannedStep& flagging = *std::find_if(setup_.planned.begin(), setup_.planned.end(),
                                                [](const PlannedStep& each) { return each.name == "badpix_selfcal"; });
    const bool saved = flagging.runs && setup_.parameters.step(flagging.name).boolean("save_flagged_bkg");
    return saved ? fs::path(fmt::format("{}_badpix_selfcal_bkg_{}.fits", setup_.name, i)) : setup_.backgrounds[i];
  }

  void write_calibrated() {
    calibrated_written_ = true;
    write(products_, setup_.is_cube() ? "calints" : "cal");
  }

  const ProductSetup& setup_;
  const RunResources& run_;
  ProductResult& result_;
  Account account_;
  OutputPlace products_;
  PendingFiles pending_;
  Exposure exposure_;
  std::vector<Exposure> backgrounds_;
  std::vector<Exposure> selfcals_;
  fs::path science_file_;  ///< under which the exposure was read or last written
  std::vector<PlannedMemory> estimates_;
  bool planes_loaded_ = false;
  bool calibrated_written_ = false;
};

}  // namespace

fs::path output_folder(const fs::path& folder) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (!fs::is_directory(folder)) {
    throw Error(ErrorCause::system, fmt::format("the output folder cannot be made: {}", code.message()), {.file = folder.string()},
                "Choose another folder with --output-dir");
  }
  return folder;
}

std::vector<PlannedMemory> plan_memory(const ProductSetup& setup, const RunResources& resources, std::size_t threads) {
  if (setup.steps.empty() || !setup.steps.front()) return {};
  Account account("plan of " + setup.name, resources.account);
  resources.arena.reset();
  Exposure exposure;
  exposure.kind = setup.header.kind;
  exposure.meta = setup.header.meta;
  exposure.arena = &resources.arena;
  PendingFiles files;
  StepFiles pending(files, {{}, setup.root});
  StepReferences references(*setup.references, setup.planned.front().name, resources.cache);
  StepContext context{account, resources.log, resources.parallel, resources.cancel, references, pending};
  StepResult result = setup.steps.front()->run(std::move(exposure), context);
  return predict_memory(setup, exposure_shape(setup, result.exposure, threads));
}

void run_product(const ProductSetup& setup, const RunResources& resources, ProductResult& result) {
  ProductRun(setup, resources, result).run();
}

}  // namespace spec2::pipeline
