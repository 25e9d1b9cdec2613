#include "pipeline/runner/product_setup.hpp"

#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "pipeline/config/command_words.hpp"
#include "pipeline/runner/draft_extraction.hpp"
#include "pipeline/runner/output_place.hpp"
#include "pipeline/runner/step_hooks.hpp"

namespace spec2::pipeline {
namespace {

/// Parameters given as words of a command line in the peer's form.
ConfigValue tree_of_words(const std::vector<std::string>& given) {
  std::vector<std::string> words{"calwebb_spec2"};
  words.insert(words.end(), given.begin(), given.end());
  CommandWords parsed = parse_command_words(words);
  if (!parsed.inputs.empty()) {
    throw Error(ErrorCause::user_input, fmt::format("'{}' is one input too many", parsed.inputs.front()), {},
                "Give one association or exposure; parameters are written --steps.step.parameter=value");
  }
  return std::move(parsed.parameters);
}

/// What the user asks for; the rest comes from defaults and parameter references.
ParameterRequest request_of(const RunOptions& options) {
  ParameterRequest request;
  if (!options.config_file.empty()) request.file = options.config_file;
  request.overrides = tree_of_words(options.words);
  for (const std::string& setting : options.settings) add_assignment(request.overrides, setting, spec2_pipeline());
  for (const std::string& given : options.overrides) add_reference_override(request.overrides, given, spec2_pipeline());
  return request;
}

/// Without these no chain and no reference can be chosen.
void require_keywords(const Metadata& header) {
  for (const char* const keyword : {"INSTRUME", "EXP_TYPE", "DETECTOR"}) header.text(keyword);
  if (header.text("INSTRUME") != "NIRSPEC") return;
  for (const char* const keyword : {"FILTER", "GRATING"}) header.text(keyword);
}

}  // namespace

ParameterSet given_parameters(const RunOptions& options) {
  ParameterSet given = load_parameters(request_of(options)).set;
  check_hooks(given, options.allow_hooks);
  check_outputs(given);
  return given;
}

ParameterSet parameters_of(const RunOptions& options, const ReferenceSelector& selector, const Metadata& header, const Log& log) {
  ParameterRequest request = request_of(options);
  const HeaderValues values = header_values(header);
  if (options.use_crds_parameters) {
    request.references = &selector;
    request.header = &values;
  }
  LoadedParameters loaded = load_parameters(request);
  for (const std::string& warning : loaded.warnings) log.warning("{}", warning);
  for (const std::string& file : loaded.reference_files) log.info("parameters from {}", file);
  check_hooks(loaded.set, options.allow_hooks);
  check_outputs(loaded.set);
  return std::move(loaded.set);
}

ProductSetup set_up_product(const Product& product, const RunOptions& options, const ReferenceSelector& selector,
                            const Log& log) {
  ProductSetup setup;
  setup.root = product.root;
  setup.name = product.root.text;
  setup.science = product.science().file;
  setup.backgrounds = product.files(MemberType::background);
  setup.selfcals = product.files(MemberType::selfcal);
  setup.header = io::read_header(setup.science);
  require_keywords(setup.header.meta);
  setup.parameters = parameters_of(options, selector, setup.header.meta, log);
  const MemberCounts counts{.backgrounds = setup.backgrounds.size(), .selfcals = setup.selfcals.size()};
  const auto step_parameters = [&](std::string_view step) -> const StepParameters& { return setup.parameters.step(step); };
  setup.planned = plan_steps(setup.header.meta, counts, step_parameters);
  for (const PlannedStep& step : setup.planned) {
    setup.steps.push_back(step.runs ? make_step(step.name, setup.parameters.step(step.name)) : nullptr);
  }
  setup.references = std::make_unique<ExposureReferences>(selector, setup.parameters, setup.header.meta);
  const auto runs = [&](std::string_view name) {
    return std::any_of(setup.planned.begin(), setup.planned.end(),
                       [&](const PlannedStep& each) { return each.name == name && each.runs; });
  };
  if (setup.is_cube() && runs("clean_flicker_noise") && setup.header.meta.text("EXP_TYPE") == "NRS_BRIGHTOBJ") {
    RunOptions nothing_given;
    nothing_given.use_crds_parameters = options.use_crds_parameters;
    setup.draft_spectra = std::make_unique<DraftExtraction>(
        selector, parameters_of(nothing_given, selector, setup.header.meta, Log()), setup.header.meta);
  }
  return setup;
}

std::vector<PlannedReference> choose_references(const ProductSetup& setup) {
  std::vector<PlannedReference> chosen;
  for (const PlannedStep& step : setup.planned) {
    const StepSpec* const spec = spec2_pipeline().find_step(step.name);
    if (!step.runs || !spec) continue;
    for (const std::string_view type : spec->reference_types) {
      const bool known =
          std::any_of(chosen.begin(), chosen.end(), [&](const PlannedReference& each) { return each.type == type; });
      if (!known) chosen.push_back(setup.references->choose(step.name, type));
    }
  }
  return chosen;
}

std::span<const PlaneKind> background_planes(const ProductSetup& setup) {
  static constexpr std::array kOfMean = {PlaneKind::sci, PlaneKind::dq, PlaneKind::err};
  constexpr std::size_t kMostHeld = std::size_t{32} << 20;  // small ones can be read while the WCS is made
  const bool changed = std::any_of(setup.planned.begin(), setup.planned.end(), [](const PlannedStep& step) {
    return step.runs && step.name != "bkg_subtract" && uses_backgrounds(step.name);
  });
  if (changed) return io::kRatePlanes;
  const std::size_t bytes = setup.backgrounds.size() * kOfMean.size() * setup.header.shape.size() * sizeof(float);
  if (setup.is_cube() || bytes <= kMostHeld) return kOfMean;
  return {};
}

bool uses_backgrounds(std::string_view step) {
  return step == "badpix_selfcal" || step == "clean_flicker_noise" || step == "bkg_subtract";
}

}  // namespace spec2::pipeline
