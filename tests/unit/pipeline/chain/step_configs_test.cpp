#include <cmath>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "pipeline/config/parameter_schema.hpp"
#include "pipeline/config/parameter_set.hpp"
#include "steps/assign_wcs/config.hpp"
#include "steps/badpix_selfcal/config.hpp"
#include "steps/bkg_subtract/config.hpp"
#include "steps/clean_flicker_noise/config.hpp"
#include "steps/extract_1d/config.hpp"
#include "steps/extract_2d/config.hpp"
#include "steps/flat_field/config.hpp"
#include "steps/pathloss/config.hpp"
#include "steps/photom/config.hpp"
#include "steps/pixel_replace/config.hpp"
#include "steps/resample_spec/config.hpp"
#include "steps/srctype/srctype_step.hpp"

namespace spec2::pipeline {
namespace {

using Names = std::set<std::string>;

StepParameters without(const StepParameters& parameters, const std::string& name) {
  StepParameters rest(parameters.step());
  for (const auto& [key, value] : parameters.values()) {
    if (key != name) rest.set(key, value);
  }
  return rest;
}

/// Parameters that the struct is made from: without them it cannot be made.
template <class Config>
Names taken(const StepParameters& parameters) {
  Names names;
  for (const auto& [name, value] : parameters.values()) {
    try {
      Config::from(without(parameters, name));
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr(name));
      names.insert(name);
    }
  }
  return names;
}

template <class Config>
void expect_equal(const Config& a, const Config& b) {
  EXPECT_TRUE(a == b);
}

/// NaN equals NaN here.
void expect_equal(ResampleSpecConfig a, ResampleSpecConfig b) {
  EXPECT_TRUE(std::isnan(a.fill_value) && std::isnan(b.fill_value));
  a.fill_value = b.fill_value = 0.0f;
  EXPECT_TRUE(a == b);
}

/// Table, schema and struct of a step agree: the struct takes all own parameters of the step but `of_other_modes` (of
/// instruments, or without meaning for the modes that spec2 has), with the same defaults, and the schema describes them all.
template <class Config>
void expect_agreement(const char* step, const Names& of_other_modes = {}) {
  SCOPED_TRACE(step);
  const StepSpec& spec = *spec2_pipeline().find_step(step);
  const ParameterSet set = ParameterSet::resolve(spec2_pipeline(), ConfigValue::section());
  Names own;
  for (const ParameterSpec& parameter : spec.parameters) own.insert(std::string(parameter.name));
  Names expected = own;
  for (const std::string& name : of_other_modes) EXPECT_EQ(expected.erase(name), 1u) << name;
  EXPECT_EQ(taken<Config>(set.step(step)), expected);
  expect_equal(Config::from(set.step(step)), Config{});
  const auto schema = parameter_schema(spec, true);
  for (const std::string& name : own) EXPECT_TRUE(schema.at("properties").contains(name)) << name;
  for (const auto& [name, description] : schema.at("properties").items()) EXPECT_TRUE(set.step(step).has(name)) << name;
}

TEST(StepConfigs, AgreeWithTableAndSchema) {
  expect_agreement<AssignWcsConfig>("assign_wcs", {"sip_approx", "sip_max_pix_error", "sip_degree", "sip_max_inv_pix_error",
                                                   "sip_inv_degree", "sip_npoints"});
  expect_agreement<BadpixSelfcalConfig>("badpix_selfcal");
  expect_agreement<CleanFlickerNoiseConfig>("clean_flicker_noise");
  expect_agreement<BkgSubtractConfig>(
      "bkg_subtract", {"bkg_list", "soss_source_percentile", "soss_bkg_percentile", "wfss_mmag_extract", "wfss_mask",
                       "wfss_maxiter", "wfss_rms_stop", "wfss_outlier_percent"});
  expect_agreement<Extract2dConfig>(
      "extract_2d", {"source_ra", "source_dec", "source_max_sep", "extract_orders", "grism_objects", "tsgrism_extract_height",
                     "wfss_extract_half_height", "wfss_mmag_extract", "wfss_nbright"});
  expect_agreement<SourceTypeConfig>("srctype");
  expect_agreement<FlatFieldConfig>("flat_field");
  expect_agreement<PathlossConfig>("pathloss", {"user_slit_loc"});
  expect_agreement<PhotomConfig>("photom");
  expect_agreement<PixelReplaceConfig>("pixel_replace");
  expect_agreement<ResampleSpecConfig>("resample_spec");
  expect_agreement<Extract1dConfig>("extract_1d",
                                    {"model_nod_pair", "optimize_psf_location", "log_increment",      "center_xy",
                                     "ifu_autocen",    "bkg_sigma_clip",        "ifu_rfcorr",         "ifu_set_srctype",
                                     "ifu_rscale",     "ifu_covar_scale",       "soss_atoca",         "soss_threshold",
                                     "soss_n_os",      "soss_wave_grid_in",     "soss_wave_grid_out", "soss_estimate",
                                     "soss_rtol",      "soss_max_grid_size",    "soss_tikfac",        "soss_width",
                                     "soss_bad_pix",   "soss_modelname",        "soss_order_3"});
}

}  // namespace
}  // namespace spec2::pipeline
