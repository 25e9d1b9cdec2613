#include "pipeline/runner/chain_run.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "core/error.hpp"
#include "core/memory/resident.hpp"
#include "pipeline/runner/integration_blocks.hpp"
#include "pipeline/runner/step_hooks.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

std::string outcome_text(const StepResult& outcome) {
  switch (outcome.status) {
    case StepStatus::complete: return "done";
    case StepStatus::skipped: return "skipped: " + outcome.reason;
    case StepStatus::failed: return "failed: " + outcome.reason;
  }
  return {};
}

}  // namespace

ChainRun::ChainRun(const ChainContext& context, Exposure exposure)
    : context_(context),
      setup_(context.setup),
      run_(context.run),
      products_{run_.output_dir, setup_.root},
      exposure_(std::move(exposure)),
      integrations_(setup_.header.shape.integrations),
      science_file_(setup_.science) {}

ChainRun::ChainRun(const ChainContext& context, Exposure block, std::size_t integrations, PreparedSteps& prepared,
                   bool measures_memory)
    : ChainRun(context, std::move(block)) {
  integrations_ = integrations;
  prepared_ = &prepared;
  measures_memory_ = measures_memory;
}

void ChainRun::run_first() { run_step(0); }

void ChainRun::run_others() {
  save(setup_.planned.front(), StepStatus::complete);
  for (std::size_t i = 1; i < setup_.planned.size(); ++i) {
    if (setup_.planned[i].part == ChainPart::extraction) write_calibrated_once();
    run_step(i);
  }
  write_calibrated_once();
}

void ChainRun::run_step(std::size_t i) {
  const PlannedStep& planned = setup_.planned[i];
  if (!planned.runs) {
    skip_step(planned);
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

/// The row of a step as it begins.
StepUsage ChainRun::begin_usage(const std::string& step) const {
  StepUsage usage;
  usage.exposure = setup_.name;
  usage.step = step;
  if (!measures_memory_) return usage;
  usage.live_before = usage.live_peak = usage.live_after = run_.account.live_bytes();
  usage.resident_before = usage.resident_peak = usage.resident_after = process_memory().resident;
  return usage;
}

void ChainRun::skip_step(const PlannedStep& planned) {
  if (!planned.status_keyword.empty()) exposure_.meta.set(planned.status_keyword, "SKIPPED");
  if (memory()) memory()->begin_step(planned.name);
  StepUsage usage = begin_usage(planned.name);
  usage.outcome = "skipped: " + planned.reason;
  usage.budget = run_.memory_limit;
  if (memory()) memory()->end_step(usage);
  usage_.push_back(std::move(usage));
  run_.log.scoped(planned.name).info("skipped: {}", planned.reason);
  release_members(planned.name);
}

void ChainRun::execute(std::size_t i, const PlannedStep& planned, const Step& step) {
  const auto begin = std::chrono::steady_clock::now();
  if (memory()) memory()->begin_step(planned.name);
  load_images(step.info().needs.has(PlaneKind::sci), planned.name);
  if (i < references_ahead_.size()) references_ahead_[i].finish();
  if (measures_memory_) {
    run_.account.reset_peak();
    reset_peak_resident();
    if (memory()) memory()->begin_peak();
  }
  StepUsage usage = begin_usage(planned.name);
  const std::size_t budget = budget_of(setup_.parameters.step(planned.name), planned.name);
  usage.budget = std::min(run_.memory_limit, budget);
  const std::size_t read_ahead = i == 0 ? begin_reading_ahead() : 0;
  usage.outcome = apply(i, planned, step, budget);
  if (i == 0 && memory()) finish_reading_ahead();
  release_members(planned.name);
  usage.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (measures_memory_) {
    const ProcessMemory memory = process_memory();
    usage.live_peak = run_.account.peak_bytes();
    usage.live_after = run_.account.live_bytes();
    usage.resident_peak = memory.peak_resident;
    usage.resident_after = memory.resident;
  }
  if (i < context_.estimates.size()) {
    usage.estimate = context_.estimates[i].peak;
  } else {
    const MemoryEstimate estimate = step.estimate({});
    usage.estimate = usage.live_before + read_ahead + estimate.added + estimate.scratch;
  }
  if (memory()) memory()->end_step(usage);
  usage_.push_back(std::move(usage));
}

/// Runs the step and all that belongs to it; gives its outcome in words.
std::string ChainRun::apply(std::size_t i, const PlannedStep& planned, const Step& step, std::size_t budget) {
  Account step_account("step " + planned.name, context_.account, budget);
  StepReferences references(*setup_.references, planned.name, run_.cache);
  // What clean_flicker_noise writes is named after the member it works on, not after the product.
  StepFiles files(context_.files,
                  planned.name == "clean_flicker_noise" ? member_place(planned.name, science_file_) : place_of(planned.name),
                  is_block());
  Prepared* const prepared = prepared_ ? &*std::next(prepared_->begin(), static_cast<std::ptrdiff_t>(i)) : nullptr;
  StepContext context{step_account, run_.log.scoped(planned.name), run_.parallel, run_.cancel, references, files,
                      backgrounds_, selfcals_, budget, prepared, setup_.draft_spectra.get(), background_files_};
  call_hooks(planned.name, "pre_hooks", context.log);
  StepResult outcome = step.run(std::move(exposure_), context);
  // A refusal here ends the planes together with the account of the step.
  outcome.exposure.charge_to(context_.account);
  exposure_ = std::move(outcome.exposure);
  for (const auto& [keyword, value] : references.used()) exposure_.meta.set(keyword, value);
  if (!planned.status_keyword.empty()) exposure_.meta.set(planned.status_keyword, std::string(to_string(outcome.status)));
  std::string text = outcome_text(outcome);
  if (outcome.status != StepStatus::complete) context.log.info("{}", text);
  call_hooks(planned.name, "post_hooks", context.log);
  if (i > 0) save(planned, outcome.status);
  if (planned.name == "clean_flicker_noise") clean_backgrounds(planned, step, context);
  return text;
}

// --- what steps need

/// What the step needs and is not in memory yet: the planes of the exposure, background and selfcal members.
void ChainRun::begin_reading(bool planes, std::string_view step) {
  const std::size_t backgrounds = uses_backgrounds(step) && backgrounds_.empty() ? setup_.backgrounds.size() : 0;
  const std::size_t selfcals = step == "badpix_selfcal" && selfcals_.empty() ? setup_.selfcals.size() : 0;
  if (backgrounds > 0) backgrounds_.resize(backgrounds);
  if (selfcals > 0) selfcals_.resize(selfcals);
  std::vector<io::ExposureReading> readings;
  if (planes && !planes_loaded_) {
    readings.push_back({setup_.science, images_, false, io::kRatePlanes, exposure_.block.first, integrations_});
  }
  const std::span<const PlaneKind> kinds = background_planes(setup_);
  for (std::size_t i = 0; i < backgrounds; ++i) {
    readings.push_back({.path = setup_.backgrounds[i], .exposure = backgrounds_[i], .kinds = kinds,
                        .stays_open = kinds.empty() ? &background_files_ : nullptr});
  }
  for (std::size_t i = 0; i < selfcals; ++i) readings.push_back({setup_.selfcals[i], selfcals_[i]});
  if (!readings.empty()) reading_.emplace(std::move(readings), context_.account, run_.parallel);
}

void ChainRun::load_images(bool planes, std::string_view step) {
  if (!reading_) begin_reading(planes, step);
  if (!reading_) return;
  reading_->finish();
  reading_.reset();
  if (images_.planes.sci.size() == 0) return;
  planes_loaded_ = true;
  exposure_.planes = std::move(images_.planes);
  exposure_.integration_times = std::move(images_.integration_times);
}

/// While the WCS is made the other threads have little to do: they begin to read what the first step after it needs, and the
/// references of all. Gives the bytes of that.
std::size_t ChainRun::begin_reading_ahead() {
  if (!reads_ahead(setup_, run_.parallel.threads(), run_.memory_limit)) return 0;
  const std::size_t images = begin_reading_images();
  begin_reading_references();
  return images + reference_bytes(setup_);
}

std::size_t ChainRun::begin_reading_images() {
  for (std::size_t i = 0; i < setup_.planned.size(); ++i) {
    if (!setup_.planned[i].runs || !setup_.steps[i]->info().needs.has(PlaneKind::sci)) continue;
    begin_reading(true, setup_.planned[i].name);
    return bytes_to_read(setup_, setup_.planned[i].name);
  }
  return 0;
}

/// What a memory report says of the end of a step is asked for piece by piece: nothing may be taken meanwhile.
void ChainRun::finish_reading_ahead() {
  for (const WorkAhead& each : references_ahead_) each.finish();
  try {
    if (reading_) reading_->finish();
  } catch (const std::exception&) {
    // Told once more to the step that needs the images.
  }
}

void ChainRun::begin_reading_references() {
  references_ahead_.resize(setup_.planned.size());
  for (std::size_t i = 1; i < setup_.planned.size(); ++i) {
    if (!setup_.planned[i].runs) continue;
    references_ahead_[i] = run_.parallel.ahead([this, i] {
      try {
        StepReferences references(*setup_.references, setup_.planned[i].name, run_.cache);
        setup_.steps[i]->read_references(references);
      } catch (const std::exception&) {
        // The step will say what is wrong, if it comes to it.
      }
    });
  }
}

/// The last step that can use them was the one named.
void ChainRun::release_members(const std::string& step) {
  if (step == "bkg_subtract") {
    backgrounds_.clear();
    background_files_.clear();
  }
  if (step == "badpix_selfcal") selfcals_.clear();
}

void ChainRun::call_hooks(const std::string& step, const char* when, const Log& log) {
  const auto commands = setup_.parameters.step(step).optional_list(when);
  if (!commands || commands->empty()) return;
  run_hooks(*commands, exposure_, run_.output_dir, fmt::format("{}_{}", setup_.name, step), log);
}

/// The peer cleans background members as it cleans the exposure. Slits lie where they lie in the exposure: a background
/// with another tilt of the grating wheel is of no use to bkg_subtract.
void ChainRun::clean_backgrounds(const PlannedStep& planned, const Step& step, const StepContext& of_science) {
  for (std::size_t i = 0; i < backgrounds_.size(); ++i) {
    StepFiles files(context_.files, member_place(planned.name, background_file(i)), is_block());
    StepContext context{of_science.account, of_science.log, run_.parallel, run_.cancel, of_science.references, files};
    Exposure member = std::move(backgrounds_[i]);
    for (const Slit& slit : exposure_.slits) member.slits.emplace_back().wcs = slit.wcs;
    StepResult outcome = step.run(std::move(member), context);
    outcome.exposure.slits.clear();
    outcome.exposure.charge_to(context_.account);
    backgrounds_[i] = std::move(outcome.exposure);
    backgrounds_[i].meta.set(planned.status_keyword, std::string(to_string(outcome.status)));
    if (is_saved(planned.name)) files.write(backgrounds_[i], planned.name);
  }
}

// --- what is written

bool ChainRun::is_saved(const std::string& step) const {
  // save_bsub is the peer's old name of bkg_subtract.save_results.
  const bool by_old_name = step == "bkg_subtract" && setup_.parameters.pipeline().boolean("save_bsub");
  const StepParameters& parameters = setup_.parameters.step(step);
  return run_.save_steps || by_old_name || parameters.boolean("save_results") || !parameters.is_none("output_file");
}

void ChainRun::save(const PlannedStep& planned, StepStatus status) {
  const bool by_pipeline = planned.name == "resample_spec" || planned.name == "extract_1d";
  if (by_pipeline) {
    // The peer writes the s2d file also when resample_spec skips itself for slits with integrations.
    if (planned.name == "resample_spec") write(place_of(planned.name), "s2d");
    else if (status == StepStatus::complete) write(place_of(planned.name), setup_.is_cube() ? "x1dints" : "x1d");
    return;
  }
  // A step that skips itself is saved all the same, as by the peer.
  if (!is_saved(planned.name)) return;
  load_images(true, {});
  write(place_of(planned.name), suffix_of(planned.name));
}

void ChainRun::write_calibrated_once() {
  if (std::exchange(calibrated_written_, true)) return;
  write(products_, setup_.is_cube() ? "calints" : "cal");
}

/// The exposure bears the name from then on.
void ChainRun::write(const OutputPlace& place, const std::string& suffix) {
  science_file_ = context_.files.add(exposure_, place, suffix, is_block()).filename();
}

/// The pipeline names what bkg_subtract saves, whatever its `suffix` is.
std::string ChainRun::suffix_of(const std::string& step) const {
  if (step == "bkg_subtract") return setup_.is_cube() ? "bsubints" : "bsub";
  return setup_.parameters.step(step).optional_text("suffix").value_or(step);
}

OutputPlace ChainRun::place_of(const std::string& step) const {
  return output_place(setup_.parameters.step(step), products_, science_file_);
}

/// For files named after a member.
OutputPlace ChainRun::member_place(const std::string& step, const fs::path& member) const {
  return {place_of(step).folder, product_root(member.filename().string())};
}

/// The name a background member was read from, or that under which badpix_selfcal wrote it.
fs::path ChainRun::background_file(std::size_t i) const {
  const PlannedStep& flagging = *std::find_if(setup_.planned.begin(), setup_.planned.end(),
                                              [](const PlannedStep& each) { return each.name == "badpix_selfcal"; });
  const bool saved = flagging.runs && setup_.parameters.step(flagging.name).boolean("save_flagged_bkg");
  return saved ? fs::path(fmt::format("{}_badpix_selfcal_bkg_{}.fits", setup_.name, i)) : setup_.backgrounds[i];
}

}  // namespace spec2::pipeline
