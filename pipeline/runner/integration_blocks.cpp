#include "pipeline/runner/integration_blocks.hpp"

#include <algorithm>

#include "core/memory/byte_text.hpp"
#include "wcs/mapper.hpp"

namespace spec2::pipeline {
namespace {

/// Input planes of a block. Large enough that what is done once a block does not show, small enough for the caches of the
/// processor and for threads to share the blocks of short series.
constexpr std::size_t kBlockBytes = std::size_t{4} << 20;
constexpr std::size_t kInputPlanes = 5;

std::size_t input_bytes(const PlaneShape& shape, std::size_t planes = kInputPlanes) {
  return planes * shape.size() * sizeof(float);
}

std::size_t background_bytes(const ProductSetup& setup) {
  const std::size_t planes = std::min(background_planes(setup).size(), kInputPlanes);
  return setup.backgrounds.size() * input_bytes(setup.header.shape, planes);
}

std::size_t selfcal_bytes(const ProductSetup& setup) { return setup.selfcals.size() * input_bytes(setup.header.shape); }

/// The shape of `integrations` of the exposure, with the cutouts its slits will have.
ExposureShape exposure_shape(const ProductSetup& setup, const Exposure& with_wcs, std::size_t threads, std::size_t integrations) {
  ExposureShape shape;
  shape.exp_type = with_wcs.exp_type();
  shape.image = setup.header.shape;
  shape.image.integrations = integrations;
  shape.in_blocks = integrations < setup.header.shape.integrations;
  shape.backgrounds = setup.backgrounds.size();
  shape.backgrounds_by_rows = background_planes(setup).empty();
  shape.threads = threads;
  if (with_wcs.arena != nullptr) shape.wcs_bytes = with_wcs.arena->bytes();
  for (const Slit& slit : with_wcs.slits) {
    const wcs::PixelRange range = wcs::pixel_range(slit.wcs.bounding_box);
    shape.slits.push_back({integrations, range.rows(), range.columns()});
  }
  return shape;
}

struct Prediction {
  std::vector<PlannedMemory> steps;
  std::size_t kept = 0;         ///< what stays when the planes go
  std::size_t planes_peak = 0;  ///< the most that goes with them
  bool within_budgets = true;
};

/// Bytes that each step will find, reach and leave; with `references_ahead` each holds the references of those after it, too.
Prediction predict_memory(const ProductSetup& setup, const ExposureShape& shape, bool references_ahead) {
  std::size_t ahead = references_ahead ? reference_bytes(setup, shape) : 0;
  const std::size_t backgrounds = background_bytes(setup), selfcals = selfcal_bytes(setup);
  Prediction prediction;
  std::size_t live = 0;
  bool loaded = false, members_loaded = false;
  for (std::size_t i = 0; i < setup.steps.size(); ++i) {
    const auto& step = setup.steps[i];
    const std::string& name = setup.planned[i].name;
    PlannedMemory memory{live + ahead, live + ahead, 0};
    if (step) {
      if (!loaded && step->info().needs.has(PlaneKind::sci)) {
        live += input_bytes(shape.image);
        loaded = true;
      }
      if (!members_loaded && uses_backgrounds(name)) {
        live += backgrounds;
        members_loaded = true;
      }
      const std::size_t held = live + (name == "badpix_selfcal" ? selfcals : 0);
      const MemoryEstimate estimate = step->estimate(shape);
      memory = {held + ahead, held + ahead + estimate.added + estimate.scratch, 0};
      if (references_ahead) {
        memory.peak -= estimate.references;
        ahead -= estimate.references;
      }
      live = live + estimate.added - std::min(live + estimate.added, estimate.released);
      prediction.planes_peak = std::max(prediction.planes_peak, memory.peak - prediction.kept - estimate.kept);
      prediction.kept += estimate.kept;
      prediction.within_budgets &= estimate.added + estimate.scratch <= budget_of(setup.parameters.step(name), name);
    }
    if (name == "bkg_subtract" && members_loaded) live -= backgrounds;
    memory.after = live + ahead;
    prediction.steps.push_back(memory);
  }
  return prediction;
}

/// Why the series cannot be divided; empty when it can.
std::string needs_whole(const ProductSetup& setup, const std::string& exp_type) {
  // Products with several slits are written slit by slit, each with all its integrations.
  if (exp_type != "NRS_BRIGHTOBJ") return fmt::format("EXP_TYPE {} can have several slits", exp_type);
  for (std::size_t i = 0; i < setup.steps.size(); ++i) {
    const auto& step = setup.steps[i];
    if (!step) continue;
    const StepParameters& parameters = setup.parameters.step(setup.planned[i].name);
    const auto has_hook = [&](const char* when) {
      const auto commands = parameters.optional_list(when);
      return commands && !commands->empty();
    };
    if (!step->works_by_integration() || has_hook("pre_hooks") || has_hook("post_hooks")) {
      return fmt::format("{} needs all of them", setup.planned[i].name);
    }
  }
  return {};
}

std::size_t largest_peak(const std::vector<PlannedMemory>& steps) {
  std::size_t peak = 0;
  for (const PlannedMemory& memory : steps) peak = std::max(peak, memory.peak);
  return peak;
}

}  // namespace

std::size_t BlockPlan::peak() const { return std::max(largest_peak(steps), rest_peak); }

std::string BlockPlan::peak_step(const ProductSetup& setup) const {
  const std::size_t of_steps = largest_peak(steps);
  if (rest_peak > of_steps) return fmt::format("{} blocks of integrations at a time", at_once);
  const auto largest = std::find_if(steps.begin(), steps.end(), [&](const PlannedMemory& each) { return each.peak == of_steps; });
  return largest == steps.end() ? "" : setup.planned[static_cast<std::size_t>(largest - steps.begin())].name;
}

bool reads_ahead(const ProductSetup& setup, std::size_t threads, std::size_t memory_limit) {
  return threads > 1 && memory_limit == Account::kUnlimited && setup.header.shape.integrations == 1;
}

BlockPlan plan_blocks(const ProductSetup& setup, const Exposure& with_wcs, std::size_t threads, std::size_t memory_limit) {
  BlockPlan plan;
  plan.total = plan.integrations = setup.header.shape.integrations;
  if (plan.total > 1) {
    plan.why_whole = needs_whole(setup, with_wcs.exp_type());
    const PlaneShape one{1, setup.header.shape.rows, setup.header.shape.columns};
    if (plan.why_whole.empty()) plan.integrations = std::clamp<std::size_t>(kBlockBytes / input_bytes(one), 1, plan.total);
  }
  const bool can_divide = plan.total > 1 && plan.why_whole.empty();
  std::size_t most_at_once = threads;
  while (true) {
    Prediction prediction = predict_memory(setup, exposure_shape(setup, with_wcs, threads, plan.integrations),
                                           reads_ahead(setup, threads, memory_limit));
    plan.steps = std::move(prediction.steps);
    plan.at_once = std::clamp<std::size_t>((plan.total - 1) / plan.integrations, 1, most_at_once);
    plan.rest_peak = plan.is_divided() ? prediction.kept + plan.at_once * prediction.planes_peak : 0;
    if (!can_divide || (prediction.within_budgets && plan.peak() <= memory_limit)) return plan;
    if (plan.integrations > 1) plan.integrations = (plan.integrations + 1) / 2;
    else if (most_at_once > 1) --most_at_once;
    else return plan;
  }
}

std::size_t bytes_to_read(const ProductSetup& setup, std::string_view step) {
  return input_bytes(setup.header.shape) + (uses_backgrounds(step) ? background_bytes(setup) : 0) +
         (step == "badpix_selfcal" ? selfcal_bytes(setup) : 0);
}

std::size_t reference_bytes(const ProductSetup& setup, const ExposureShape& shape) {
  std::size_t bytes = 0;
  for (const auto& step : setup.steps) {
    if (step) bytes += step->estimate(shape).references;
  }
  return bytes;
}

std::size_t budget_of(const StepParameters& parameters, std::string_view step) {
  const auto text = parameters.optional_text("memory_budget");
  return text ? parse_bytes(*text, fmt::format("{}.memory_budget", step)) : Account::kUnlimited;
}

}  // namespace spec2::pipeline
