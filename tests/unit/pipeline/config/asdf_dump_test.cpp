#include "pipeline/config/asdf_dump.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/config/asdf_parameters.hpp"
#include "pipeline/config/command_words.hpp"
#include "pipeline/config/parameter_loader.hpp"

namespace spec2::pipeline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ParameterSet example() {
  ParameterRequest request;
  for (const char* setting :
       {"extract_1d.smoothing_length=5", "resample_spec.pixel_scale=1e-7", "badpix_selfcal.flagfrac_lower=0.25",
        "resample_spec.output_shape=30, 40", "extract_2d.slit_names=S200A1, 'a \"b\" \\ c'", "photom.skip=yes",
        "extract_1d.subtract_background=false", "output_dir='#x: y'", "master_background_mos.flat_field.inverse=true",
        "photom.suffix=null", "srctype.memory_budget=64M"}) {
    add_assignment(request.overrides, setting, spec2_pipeline());
  }
  return load_parameters(request).set;
}

ParameterSet read_back(const std::string& text) {
  ConfigValue tree = parse_asdf_parameters(text, "dump.asdf");
  for (const char* key : {"class", "name"}) std::erase_if(tree.entries, [&](const auto& entry) { return entry.first == key; });
  return ParameterSet::resolve(spec2_pipeline(), tree);
}

TEST(AsdfDump, GivesTheSameSetAgain) {
  const ParameterSet set = example();
  EXPECT_EQ(set.changed().size(), 11u);
  for (const DumpScope scope : {DumpScope::all, DumpScope::changed}) {
    const std::string text = to_asdf(set, scope);
    EXPECT_TRUE(is_asdf(text));
    EXPECT_EQ(read_back(text).changed(), set.changed()) << text;
  }
}

TEST(AsdfDump, HasTheFormOfThePeer) {
  const std::string text = to_asdf(ParameterSet::resolve(spec2_pipeline(), ConfigValue::section()), DumpScope::all);
  EXPECT_THAT(text, HasSubstr("\nclass: jwst.pipeline.calwebb_spec2.Spec2Pipeline\n"));
  EXPECT_THAT(text, HasSubstr("\n    pixfrac: 1.0\n"));
  EXPECT_THAT(text, HasSubstr("\n    smoothing_length: null\n"));
  // The peer has no such parameter.
  EXPECT_THAT(text, Not(HasSubstr("memory_budget")));
  EXPECT_THAT(to_asdf(example(), DumpScope::changed), HasSubstr("\n    pixel_scale: 1.0e-07\n"));
}

}  // namespace
}  // namespace spec2::pipeline
