#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "pipeline/config/nearest_name.hpp"
#include "pipeline/config/parameter_schema.hpp"
#include "pipeline/config/parameter_table.hpp"
#include "pipeline/config/parameter_value.hpp"

namespace spec2::pipeline {
namespace {

TEST(ParameterTable, HasDefaultsThatItsOwnRulesTake) {
  EXPECT_EQ(spec2_pipeline().steps.size(), 24u);
  for (const StepSpec* step : spec2_pipeline().steps) {
    for (const ParameterSpec& spec : all_parameters(*step, true)) {
      EXPECT_NO_THROW(default_value(spec)) << step->name << " " << spec.name;
      EXPECT_FALSE(spec.help.empty()) << step->name << " " << spec.name;
    }
  }
}

TEST(ParameterTable, KnowsClassesOfEveryAge) {
  EXPECT_EQ(&step_of_class("calwebb_spec2"), &spec2_pipeline());
  EXPECT_EQ(&step_of_class("jwst.pipeline.Spec2Pipeline"), &spec2_pipeline());
  EXPECT_EQ(step_of_class("jwst.msaflagopen.MSAFlagOpenStep").name, "msa_flagging");
  EXPECT_EQ(step_of_class("imprint").name, "imprint_subtract");
  EXPECT_EQ(parameter_reference_type(step_of_class("jwst.srctype.srctype_step.SourceTypeStep")), "pars-sourcetypestep");
  EXPECT_THROW(step_of_class("jwst.pipeline.Spec3Pipeline"), Error);
  EXPECT_THROW(step_of_class("os.system"), Error);
}

TEST(NearestName, FindsMistypedNames) {
  const std::vector<std::string> names = {"smoothing_length", "bkg_fit", "skip"};
  EXPECT_EQ(nearest_name("smothing_length", names), "smoothing_length");
  EXPECT_EQ(nearest_name("Skip", names), "skip");
  EXPECT_EQ(nearest_name("smooth", names), "smoothing_length");
  EXPECT_EQ(nearest_name("completely_else", names), "");
  EXPECT_EQ(did_you_mean("bkgfit", names), "Did you mean 'bkg_fit'? ");
}

TEST(ParameterSchema, DescribesEveryParameter) {
  const auto schema = parameter_schema(*spec2_pipeline().find_step("resample_spec"), false);
  const auto& properties = schema.at("properties");
  EXPECT_EQ(properties.size(), all_parameters(*spec2_pipeline().find_step("resample_spec"), false).size());
  EXPECT_EQ(properties.at("pixfrac").at("minimum"), 0.0);
  EXPECT_EQ(properties.at("pixfrac").at("default"), 1.0);
  EXPECT_EQ(properties.at("output_shape").at("minItems"), 2);
  EXPECT_EQ(properties.at("kernel").at("enum"), (nlohmann::ordered_json{"square", "point"}));
  EXPECT_TRUE(properties.at("pixel_scale").at("default").is_null());
  const auto pipeline = parameter_schema(spec2_pipeline(), false);
  EXPECT_TRUE(pipeline.at("properties").at("steps").at("properties").contains("extract_1d"));
}

}  // namespace
}  // namespace spec2::pipeline
