#include <gtest/gtest.h>

#include "core/error.hpp"
#include "pipeline/config/asdf_parameters.hpp"
#include "pipeline/config/parameter_file.hpp"

namespace spec2::pipeline {
namespace {

const std::string kHead = "#ASDF 1.0.0\n#ASDF_STANDARD 1.5.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n";

ConfigValue parse(const std::string& body) { return parse_asdf_parameters(kHead + body + "\n...\n\xd3" "BLK binary", "x.asdf"); }

TEST(AsdfParameters, ReadsTheCurrentForm) {
  const ConfigValue tree = parse(
      "class: a.B\nname: b\nparameters: {t: 'yes', b: true, i: 7, r: 1.5, n: null, l: [1, x], e: ~, w: 1e-3}\n"
      "steps:\n- class: c.D\n  name: d\n  parameters: {k: 1}");
  EXPECT_EQ(tree.find("class")->text, "a.B");
  EXPECT_EQ(tree.find("t")->kind, ConfigValue::Kind::text);
  EXPECT_EQ(tree.find("b")->kind, ConfigValue::Kind::boolean);
  EXPECT_EQ(tree.find("i")->kind, ConfigValue::Kind::integer);
  EXPECT_EQ(tree.find("r")->kind, ConfigValue::Kind::real);
  EXPECT_EQ(tree.find("n")->kind, ConfigValue::Kind::none);
  EXPECT_EQ(tree.find("e")->kind, ConfigValue::Kind::none);
  EXPECT_EQ(tree.find("l")->items.size(), 2u);
  EXPECT_EQ(tree.find("steps")->find("d")->find("k")->text, "1");
}

TEST(AsdfParameters, ReadsTheOldForm) {
  const ConfigValue tree = parse("parameters:\n  class: a.B\n  name: b\n  save: true\n  steps:\n    d: {k: 1}");
  EXPECT_EQ(tree.find("class")->text, "a.B");
  EXPECT_EQ(tree.find("steps")->find("d")->find("k")->text, "1");
}

TEST(AsdfParameters, RefusesOtherTrees) {
  for (const char* body :
       {"a: 1", "class: a.B\nname: b", "class: a.B\nname: b\nparameters: 5", "class: [1]\nname: b\nparameters: {}", "- 1",
        "class: a.B\nname: b\nparameters: {}\nsteps: 5", "parameters: {name: b}", "class: {", "a: &x [*x]"}) {
    EXPECT_THROW(parse(body), Error) << body;
  }
}

TEST(AsdfParameters, HasLimits) {
  EXPECT_THROW(parse("class: a.B\nname: b\nparameters: {k: " + std::string(400, '[') + std::string(400, ']') + "}"), Error);
  EXPECT_THROW(parse("class: a.B\nname: b\nparameters: {k: " + std::string(100000, '[')), Error);
  std::string bomb = "class: a.B\nname: b\nx0: &x0 [1,1,1,1,1,1,1,1,1,1]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string last = "*x" + std::to_string(i - 1);
    bomb += "x" + std::to_string(i) + ": &x" + std::to_string(i) + " [" + last;
    for (int j = 0; j < 9; ++j) bomb += "," + last;
    bomb += "]\n";
  }
  EXPECT_THROW(parse(bomb + "parameters: {k: *x8}"), Error);
}

TEST(ParameterFile, IsToldApartByContent) {
  const ParameterFile asdf = parse_parameter_file(kHead + "class: jwst.pipeline.Spec2Pipeline\nname: n\nparameters: {}\n...\n",
                                                  "x.cfg", ParameterOrigin::file);
  EXPECT_EQ(asdf.name, "n");
  EXPECT_EQ(asdf.step, &spec2_pipeline());
  const ParameterFile cfg = parse_parameter_file("class = calwebb_spec2\n", "folder/x.asdf", ParameterOrigin::file);
  EXPECT_EQ(cfg.name, "x");
  EXPECT_EQ(cfg.step, &spec2_pipeline());
  EXPECT_EQ(cfg.tree.find("class"), nullptr);
}

}  // namespace
}  // namespace spec2::pipeline
