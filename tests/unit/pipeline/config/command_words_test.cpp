#include <gtest/gtest.h>

#include "core/error.hpp"
#include "pipeline/config/command_words.hpp"
#include "pipeline/config/hooks.hpp"
#include "pipeline/config/parameter_loader.hpp"

namespace spec2::pipeline {
namespace {

std::string refusal(const std::vector<std::string>& words) {
  try {
    parse_command_words(words);
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), ErrorCause::user_input);
    return error.what();
  }
  return "accepted";
}

TEST(CommandWords, TellsParametersFromInputs) {
  const CommandWords command = parse_command_words(
      {"--disable-crds", "calwebb_spec2", "a_asn.json", "--steps.photom.skip=true", "--steps.extract_1d.smoothing_length", "5",
       "-v", "--log-level=DEBUG", "--save-parameters", "p.asdf", "--steps.assign_wcs.slit_y_low", "-.5", "--", "--odd"});
  EXPECT_EQ(command.target, "calwebb_spec2");
  EXPECT_EQ(command.inputs, (std::vector<std::string>{"a_asn.json", "--odd"}));
  EXPECT_FALSE(command.use_reference_database);
  EXPECT_EQ(command.save_parameters, "p.asdf");
  EXPECT_EQ(command.logging.size(), 2u);
  EXPECT_EQ(command.parameters.find("steps")->find("photom")->find("skip")->text, "true");
  EXPECT_EQ(command.parameters.find("steps")->find("extract_1d")->find("smoothing_length")->text, "5");
  EXPECT_EQ(command.parameters.find("steps")->find("assign_wcs")->find("slit_y_low")->text, "-.5");
}

TEST(CommandWords, RefusesWithTheNearestName) {
  EXPECT_NE(refusal({"calwebb_spec2", "--steps.photon.skip=1"}).find("Did you mean 'steps.photom.skip'"), std::string::npos);
  EXPECT_NE(refusal({"calwebb_spec2", "--save=1"}).find("Write one of"), std::string::npos);
  EXPECT_NE(refusal({"calwebb_spec2", "--save_results"}).find("a value is missing"), std::string::npos);
  EXPECT_NE(refusal({"calwebb_spec3"}).find("Did you mean 'calwebb_spec2'"), std::string::npos);
  EXPECT_NE(refusal({"calwebb_spec2", "-x"}), "accepted");
  EXPECT_NE(refusal({"--save_results=1"}), "accepted");
  EXPECT_NE(refusal({"calwebb_spec2", "--suffix='a"}), "accepted");
}

TEST(Assignments, GoToTheirStep) {
  ParameterRequest request;
  add_assignment(request.overrides, "extract_1d.smoothing_length=9", spec2_pipeline());
  add_assignment(request.overrides, "steps.photom.skip=yes", spec2_pipeline());
  add_assignment(request.overrides, "master_background_mos.flat_field.inverse=true", spec2_pipeline());
  add_assignment(request.overrides, "output_dir='a, b'", spec2_pipeline());
  add_reference_override(request.overrides, "flat=my,flat.fits", spec2_pipeline());
  const ParameterSet set = load_parameters(request).set;
  EXPECT_EQ(set.step("extract_1d").integer("smoothing_length"), 9);
  EXPECT_TRUE(set.step("photom").boolean("skip"));
  EXPECT_TRUE(set.step("master_background_mos.flat_field").boolean("inverse"));
  EXPECT_EQ(set.pipeline().text("output_dir"), "a, b");
  for (const char* step : {"flat_field", "clean_flicker_noise", "master_background_mos.flat_field"}) {
    EXPECT_EQ(set.step(step).text("override_flat"), "my,flat.fits");
  }
  EXPECT_EQ(set.origin("photom", "skip"), ParameterOrigin::command_line);
  EXPECT_THROW(add_assignment(request.overrides, "photon.skip=1", spec2_pipeline()), Error);
  EXPECT_THROW(add_assignment(request.overrides, "skip", spec2_pipeline()), Error);
  EXPECT_THROW(add_reference_override(request.overrides, "flatt=x", spec2_pipeline()), Error);
}

TEST(Hooks, TellsCommandsFromPythonNames) {
  EXPECT_EQ(parse_hook("fitsheader").kind, Hook::Kind::command);
  EXPECT_EQ(parse_hook("my_script.py --fast").kind, Hook::Kind::command);
  EXPECT_EQ(parse_hook("my_script.sh").kind, Hook::Kind::command);
  EXPECT_EQ(parse_hook("./a.b").kind, Hook::Kind::command);
  EXPECT_EQ(parse_hook("package.module.Class").kind, Hook::Kind::python);
  EXPECT_EQ(parse_hook("package.function(a='x y')").kind, Hook::Kind::python);
}

}  // namespace
}  // namespace spec2::pipeline
