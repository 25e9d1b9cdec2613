#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "pipeline/config/configobj.hpp"
#include "pipeline/config/parameter_file.hpp"
#include "pipeline/config/parameter_loader.hpp"
#include "pipeline/config/parameter_set.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

ParameterSet resolve(std::string_view text) { return ParameterSet::resolve(spec2_pipeline(), parse_configobj(text, "x.cfg")); }

std::string refusal(std::string_view text) {
  try {
    resolve(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), ErrorCause::user_input);
    return error.problem();
  }
  return "accepted";
}

TEST(ParameterSet, ReportsAllProblemsAtOnce) {
  const std::string text = refusal(
      "zzz = 1\n[steps]\n[[extract_1d]]\nsmoothing_length = x\nsmoothing_lenght = 5\n[[resample_spec]]\nkernel = y\npixfrac = "
      "2\n[[flatfield]]\n");
  EXPECT_EQ(text,
            "6 problems in the parameters:\n"
            "  zzz: there is no such parameter (x.cfg, line 1).\n"
            "  steps.resample_spec.pixfrac: 2 is above the maximum 1 (x.cfg, line 8)\n"
            "  steps.resample_spec.kernel: 'y' is not one of square, point (x.cfg, line 7)\n"
            "  steps.extract_1d.smoothing_length: 'x' is not an integer (x.cfg, line 4)\n"
            "  steps.extract_1d.smoothing_lenght: there is no such parameter (x.cfg, line 5). Did you mean 'smoothing_length'?\n"
            "  steps.flatfield: there is no such step (x.cfg, line 9). Did you mean 'flat_field'? ");
}

TEST(ParameterSet, SaysWhereAParameterBelongs) {
  EXPECT_EQ(refusal("override_photom = x.fits"),
            "parameter override_photom: there is no such parameter (x.cfg, line 1). It is a parameter of wfss_contam, photom.");
  EXPECT_EQ(refusal("[steps]\n[[photom]]\n[[[skip]]]"),
            "parameter steps.photom.skip: this is a section, expected a boolean (x.cfg, line 3)");
  EXPECT_EQ(refusal("steps = 5"), "parameter steps: there is no such parameter (x.cfg, line 1).");
  EXPECT_EQ(refusal("[steps]\nphotom = 5"), "parameter steps.photom: this is a value, expected a section (x.cfg, line 2)");
  EXPECT_EQ(refusal("[steps]\n[[extract_1d]]\ncenter_xy = 5"),
            "parameter steps.extract_1d.center_xy: '5' is one value, expected a list of numbers: write '5,' (x.cfg, line 3)");
  EXPECT_EQ(refusal("[steps]\n[[extract_1d]]\ncenter_xy = 5,"),
            "parameter steps.extract_1d.center_xy: the number of members 1 is below the minimum 2 (x.cfg, line 3)");
}

TEST(ParameterSet, KnowsDefaultsAndOrigins) {
  const ParameterSet set = resolve("[steps]\n[[extract_1d]]\nsmoothing_length = 5\n[[resample_spec]]\npixfrac = 1.0\n");
  EXPECT_FALSE(set.is_default("extract_1d", "smoothing_length"));
  EXPECT_TRUE(set.is_default("resample_spec", "pixfrac"));
  EXPECT_EQ(set.origin("resample_spec", "pixfrac"), ParameterOrigin::file);
  EXPECT_EQ(set.source("resample_spec", "pixfrac"), "x.cfg");
  EXPECT_EQ(set.origin("photom", "skip"), ParameterOrigin::default_value);
  EXPECT_TRUE(set.step("pixel_replace").boolean("skip"));
  ASSERT_EQ(set.changed().size(), 1u);
  EXPECT_EQ(set.changed()[0].first, "steps.extract_1d.smoothing_length");
  EXPECT_THROW(set.step("extract1d"), Error);
}

TEST(ParameterSet, IsReadAgainFromWhatItWrites) {
  const ParameterSet set = resolve(
      "suffix = 'a, \"b\"'\n[steps]\n[[extract_2d]]\nslit_names = S200A1,\nsource_ids = ,\nextract_orders = 1, "
      "2\n[[bkg_subtract]]\nsigma = 1e-5\n"
      "[[master_background_mos]]\n[[[steps]]]\n[[[[photom]]]]\nskip = yes\n");
  for (const DumpScope scope : {DumpScope::all, DumpScope::changed}) {
    const std::string text = set.to_cfg(scope);
    const ParameterFile file = parse_parameter_file(text, "dump.cfg", ParameterOrigin::file);
    EXPECT_EQ(file.step, &spec2_pipeline());
    EXPECT_EQ(ParameterSet::resolve(*file.step, file.tree).changed(), set.changed()) << text;
  }
  EXPECT_NE(set.to_cfg(DumpScope::all).find("# smoothing_length = None"), std::string::npos);
}

TEST(ParameterSet, PutsStepFilesUnderTheSection) {
  const fs::path folder = fs::path(::testing::TempDir()) / "step_files";
  fs::create_directories(folder / "inner");
  std::ofstream(folder / "main.cfg")
      << "class = calwebb_spec2\n[steps]\n[[extract_1d]]\nconfig_file = inner/e.cfg\nlog_increment = 3\n";
  std::ofstream(folder / "inner/e.cfg")
      << "name = e\nclass = jwst.extract_1d.Extract1dStep\nlog_increment = 4\nsmoothing_length = 5\noutput_file = out\n";
  ParameterRequest request;
  request.file = folder / "main.cfg";
  const ParameterSet set = load_parameters(request).set;
  EXPECT_EQ(set.step("extract_1d").integer("log_increment"), 3);
  EXPECT_EQ(set.step("extract_1d").integer("smoothing_length"), 5);
  EXPECT_EQ(set.step("extract_1d").text("output_file"), (fs::absolute(folder) / "inner/out").lexically_normal().string());
  fs::remove_all(folder);
}

TEST(DefaultFile, ChangesNothing) {
  ParameterRequest request;
  request.file = fs::path(SPEC2_SOURCE_DIR) / "cfgs/calwebb_spec2.cfg";
  request.class_line = ClassLine::required;
  EXPECT_TRUE(load_parameters(request).set.changed().empty());
}

}  // namespace
}  // namespace spec2::pipeline
