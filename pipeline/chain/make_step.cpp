#include "core/error.hpp"
#include "pipeline/chain/chain.hpp"
#include "steps/assign_wcs/assign_wcs_step.hpp"
#include "steps/badpix_selfcal/badpix_selfcal_step.hpp"
#include "steps/bkg_subtract/bkg_subtract_step.hpp"
#include "steps/clean_flicker_noise/clean_flicker_noise_step.hpp"
#include "steps/extract_1d/extract_1d_step.hpp"
#include "steps/extract_2d/extract_2d_step.hpp"
#include "steps/flat_field/flat_field_step.hpp"
#include "steps/msa_flagging/msa_flagging_step.hpp"
#include "steps/pathloss/pathloss_step.hpp"
#include "steps/photom/photom_step.hpp"
#include "steps/pixel_replace/pixel_replace_step.hpp"
#include "steps/resample_spec/resample_spec_step.hpp"
#include "steps/srctype/srctype_step.hpp"
#include "steps/wavecorr/wavecorr_step.hpp"

namespace spec2::pipeline {
namespace {

/// The configuration, or Error(user_input) with all that is wrong with it.
template <class Config>
Config validated(Config config, std::string_view step) {
  const std::vector<std::string> problems = config.validate();
  if (problems.empty()) return config;
  throw Error(ErrorCause::user_input, fmt::format("{}", fmt::join(problems, "; ")), {.keyword = std::string(step)},
              "Correct the parameters");
}

}  // namespace

std::unique_ptr<Step> make_step(std::string_view name, const StepParameters& parameters) {
  if (name == "assign_wcs") return std::make_unique<AssignWcsStep>(AssignWcsConfig::from(parameters));
  if (name == "badpix_selfcal") {
    return std::make_unique<BadpixSelfcalStep>(validated(BadpixSelfcalConfig::from(parameters), name));
  }
  if (name == "msa_flagging") return std::make_unique<MsaFlaggingStep>();
  if (name == "clean_flicker_noise") {
    return std::make_unique<CleanFlickerNoiseStep>(validated(CleanFlickerNoiseConfig::from(parameters), name));
  }
  if (name == "bkg_subtract") return std::make_unique<BkgSubtractStep>(BkgSubtractConfig::from(parameters));
  if (name == "extract_2d") return std::make_unique<Extract2dStep>(Extract2dConfig::from(parameters));
  if (name == "srctype") return std::make_unique<SourceTypeStep>(SourceTypeConfig::from(parameters));
  if (name == "wavecorr") return std::make_unique<WavecorrStep>();
  if (name == "flat_field") return std::make_unique<FlatFieldStep>(FlatFieldConfig::from(parameters));
  if (name == "pathloss") return std::make_unique<PathlossStep>(PathlossConfig::from(parameters));
  if (name == "photom") return std::make_unique<PhotomStep>(PhotomConfig::from(parameters));
  if (name == "pixel_replace") return std::make_unique<PixelReplaceStep>(PixelReplaceConfig::from(parameters));
  if (name == "resample_spec") return std::make_unique<ResampleSpecStep>(ResampleSpecConfig::from(parameters));
  if (name == "extract_1d") return std::make_unique<Extract1dStep>(Extract1dConfig::from(parameters));
  throw Error(ErrorCause::user_input, fmt::format("step {} cannot run: it is not part of spec2", name),
              {.keyword = std::string(name)}, fmt::format("Leave it out with --set {}.skip=true", name));
}

}  // namespace spec2::pipeline
