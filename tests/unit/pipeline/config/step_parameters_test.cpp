#include <gtest/gtest.h>

#include "core/error.hpp"
#include "steps/step_parameters.hpp"

namespace spec2 {
namespace {

StepParameters example() {
  StepParameters parameters("extract_1d");
  parameters.set("smoothing_length", std::int64_t{7});
  parameters.set("pixfrac", 0.5);
  parameters.set("apply_apcorr", true);
  parameters.set("bkg_fit", std::monostate{});
  parameters.set("suffix", std::string("x1d"));
  parameters.set("center_xy", std::vector<double>{1.0, 2.5});
  parameters.set("orders", std::vector<std::int64_t>{1, 2});
  parameters.set("slits", std::vector<std::string>{"S200A1"});
  return parameters;
}

TEST(StepParameters, GivesTypedValues) {
  const StepParameters parameters = example();
  EXPECT_EQ(parameters.integer("smoothing_length"), 7);
  EXPECT_EQ(parameters.real("smoothing_length"), 7.0);
  EXPECT_EQ(parameters.real("pixfrac"), 0.5);
  EXPECT_TRUE(parameters.boolean("apply_apcorr"));
  EXPECT_EQ(parameters.text("suffix"), "x1d");
  EXPECT_EQ(parameters.reals("center_xy"), (std::vector<double>{1.0, 2.5}));
  EXPECT_EQ(parameters.reals("orders"), (std::vector<double>{1.0, 2.0}));
  EXPECT_EQ(parameters.integers("orders"), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(parameters.list("center_xy"), (std::vector<std::string>{"1.0", "2.5"}));
  EXPECT_EQ(parameters.optional_text("bkg_fit"), std::nullopt);
  EXPECT_EQ(parameters.optional_integer("smoothing_length"), 7);
  EXPECT_TRUE(parameters.is_none("bkg_fit"));
  EXPECT_FALSE(parameters.has("nothing"));
}

TEST(StepParameters, NamesWhatIsWrong) {
  const auto message = [](auto call) -> std::string {
    try {
      call(example());
    } catch (const Error& error) {
      EXPECT_EQ(error.cause(), ErrorCause::user_input);
      return error.what();
    }
    return "";
  };
  EXPECT_NE(message([](const StepParameters& p) { p.boolean("suffix"); }).find("parameter is text, expected a boolean"),
            std::string::npos);
  EXPECT_NE(message([](const StepParameters& p) { p.text("bkg_fit"); }).find("parameter is None"), std::string::npos);
  EXPECT_NE(message([](const StepParameters& p) { p.text("nothing"); }).find("no parameter of this name in step extract_1d"),
            std::string::npos);
  EXPECT_NE(message([](const StepParameters& p) { p.boolean("suffix"); }).find("extract_1d.suffix"), std::string::npos);
}

TEST(StepParameters, WritesValuesAsFilesHaveThem) {
  EXPECT_EQ(to_text(ParameterValue(std::monostate{})), "None");
  EXPECT_EQ(to_text(ParameterValue(true)), "True");
  EXPECT_EQ(to_text(ParameterValue(5.0)), "5.0");
  EXPECT_EQ(to_text(ParameterValue(std::string("a, b"))), "\"a, b\"");
  EXPECT_EQ(to_text(ParameterValue(std::string("say \"x\""))), "'say \"x\"'");
  EXPECT_EQ(to_text(ParameterValue(std::string())), "\"\"");
  EXPECT_EQ(to_text(ParameterValue(std::vector<std::string>{"a"})), "a,");
  EXPECT_EQ(to_text(ParameterValue(std::vector<double>{})), ",");
  EXPECT_EQ(to_text(ParameterValue(std::vector<std::int64_t>{1, 2})), "1, 2");
}

}  // namespace
}  // namespace spec2
