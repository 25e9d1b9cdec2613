#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/sample_case.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kCal = std::string(SampleCase::kProduct) + "_cal.fits";
const std::string kS2d = std::string(SampleCase::kProduct) + "_s2d.fits";
const std::string kX1d = std::string(SampleCase::kProduct) + "_x1d.fits";

ProgramResult spec2(std::vector<std::string> words) {
  words.insert(words.begin(), SPEC2_PROGRAM);
  return run_program(words, {"CRDS_PATH=" + SampleCase::crds().string(), "CRDS_CONTEXT=jwst_9001.pmap"});
}

TEST(Bestrefs, TypeFileStateAndRule) {
  const SampleCase sample;
  const ProgramResult result = spec2({"bestrefs", sample.asn().string(), "--types", "photom,cubepar"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr(SampleCase::kRate));
  EXPECT_THAT(result.output, ::testing::ContainsRegex("photom +jwst_nirspec_photom_[0-9]+.fits +present +.*UseAfter"));
  EXPECT_THAT(result.output, ::testing::ContainsRegex("cubepar +N/A +not needed"));
}

TEST(Bestrefs, MissingFilesForFetching) {
  const SampleCase sample;
  const fs::path cache = sample.folder() / "crds";
  fs::copy(SampleCase::crds(), cache, fs::copy_options::recursive);
  const std::string lost = "jwst_nirspec_photom_9101.fits";
  for (const auto& entry : fs::recursive_directory_iterator(cache)) {
    if (entry.path().filename() == lost) {
      fs::remove(entry.path());
      break;
    }
  }
  const std::string file = sample.rate().string();
  EXPECT_EQ(spec2({"bestrefs", file, "--missing", "--crds-path", cache.string()}).output, lost + "\n");
  const auto json =
      nlohmann::json::parse(spec2({"bestrefs", file, "--missing", "--format", "json", "--crds-path", cache.string()}).output);
  EXPECT_EQ(json["context"], "jwst_9001.pmap");
  EXPECT_EQ(json["missing"][0]["file"], lost);
  EXPECT_EQ(json["missing"][0]["types"][0], "photom");
  EXPECT_THAT(spec2({"bestrefs", file, "--missing"}).output, IsEmpty());
}

TEST(Config, WhatIsDumpedIsRightAndGivesTheSame) {
  const SampleCase sample;
  const fs::path file = sample.folder() / "all.cfg";
  const ProgramResult dumped = spec2({"config", "--dump", "--set", "extract_1d.smoothing_length=5"});
  ASSERT_EQ(dumped.exit_code, 0) << dumped.errors;
  EXPECT_THAT(dumped.output, HasSubstr("smoothing_length = 5"));
  write_text(file, dumped.output);
  const ProgramResult checked = spec2({"config", "--check", file.string()});
  EXPECT_EQ(checked.exit_code, 0) << checked.output;
  EXPECT_THAT(checked.output, HasSubstr("1 parameters differ"));
  EXPECT_THAT(spec2({"config", "--dump", "--changed", "--cfg", file.string()}).output, HasSubstr("smoothing_length = 5"));
}

TEST(Config, CheckTellsEveryMistakeWithItsLine) {
  const SampleCase sample;
  const fs::path file = sample.folder() / "bad.cfg";
  write_text(file, "class = jwst.pipeline.Spec2Pipeline\n[steps]\n[[flat_field]]\nskipp = True\ninverse = maybe\n");
  const ProgramResult result = spec2({"config", "--check", file.string()});
  EXPECT_EQ(result.exit_code, 2);
  for (const char* word : {"bad.cfg", "skipp", "'skip'", "inverse", "line 4", "line 5"}) {
    EXPECT_THAT(result.output, HasSubstr(word));
  }
}

TEST(Config, SchemaOfAStep) {
  const auto schema = nlohmann::json::parse(spec2({"config", "--schema", "resample_spec"}).output);
  EXPECT_EQ(schema["type"], "object");
  EXPECT_EQ(schema["properties"]["pixfrac"]["type"], "number");
  EXPECT_EQ(spec2({"config", "--schema", "resampel_spec"}).exit_code, 2);
}

TEST(RunWords, ParametersInThePeersForm) {
  const SampleCase sample;
  const ProgramResult result = sample.run({"--steps.resample_spec.skip=true", "--steps.extract_1d.skip", "true"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(sample.products(), ElementsAre(kCal));
}

TEST(RunWords, MistakesAreToldBeforeAnyProduct) {
  const SampleCase sample;
  const ProgramResult result = sample.run({"--steps.resampel_spec.skip=true"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("steps.resample_spec.skip"));
  EXPECT_EQ(sample.run({"second_asn.json"}).exit_code, 2);
  EXPECT_THAT(sample.products(), IsEmpty());
}

TEST(OutputParameters, FolderAndNameOfProductsAndSteps) {
  const SampleCase sample;
  const fs::path steps = sample.folder() / "steps";
  const ProgramResult result =
      sample.run({"--set", "output_file=mine_cal.fits", "--set", "srctype.save_results=true", "--set",
                  "srctype.output_dir=" + steps.string(), "--set", "extract_1d.output_file=spectrum.fits"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(sample.products(), ElementsAre("mine_cal.fits", "mine_s2d.fits", "spectrum_x1d.fits"));
  EXPECT_TRUE(fs::exists(steps / "mine_srctype.fits"));
}

TEST(OutputParameters, MembersFromAnotherFolder) {
  const SampleCase sample;
  const fs::path other = sample.folder() / "members";
  fs::create_directory(other);
  fs::rename(sample.rate(), other / SampleCase::kRate);
  EXPECT_EQ(sample.run().exit_code, 3);
  EXPECT_EQ(sample.run({"--set", "input_dir=" + other.string()}).exit_code, 0);
  EXPECT_THAT(sample.products(), ElementsAre(kCal, kS2d, kX1d));
}

TEST(Hooks, CommandsRunOnlyWhenTheCommandLineAllowsThem) {
  const SampleCase sample;
  const fs::path cfg = sample.folder() / "hooks.cfg", seen = sample.folder() / "seen";
  write_text(cfg, "class = calwebb_spec2\n[steps]\n[[flat_field]]\npost_hooks = 'head -c 6 {0} > " + seen.string() + "',\n");
  const ProgramResult refused = sample.run({"--cfg", cfg.string()});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.errors, HasSubstr("--allow-hooks"));
  EXPECT_FALSE(fs::exists(seen));
  EXPECT_EQ(sample.run({"--cfg", cfg.string(), "--allow-hooks"}).exit_code, 0);
  EXPECT_EQ(read_text(seen), "SIMPLE");
  EXPECT_THAT(sample.products(), ElementsAre(kCal, kS2d, kX1d));
}

TEST(Hooks, PythonAndFailuresAreErrors) {
  const SampleCase sample;
  const ProgramResult python = sample.run({"--set", "flat_field.pre_hooks=package.module.function,", "--allow-hooks"});
  EXPECT_EQ(python.exit_code, 2);
  EXPECT_THAT(python.errors, HasSubstr("no interpreter"));
  const ProgramResult failed = sample.run({"--set", "flat_field.pre_hooks=exit 3,", "--allow-hooks"});
  EXPECT_EQ(failed.exit_code, 2);
  EXPECT_THAT(failed.output + failed.errors, HasSubstr("code 3"));
  EXPECT_THAT(sample.products(), IsEmpty());
}

TEST(Export, WhatHasNoSpectraByIntegrationIsRefused) {
  const SampleCase sample;
  const fs::path output = sample.folder() / "out.h5";
  const ProgramResult result = spec2({"export", sample.rate().string(), output.string()});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.errors, HasSubstr("EXTRACT1D"));
  EXPECT_FALSE(fs::exists(output));
}

TEST(AsnMake, WhatIsMadeRuns) {
  const SampleCase sample;
  const fs::path made = sample.folder() / "made.json";
  EXPECT_EQ(spec2({"asn", "make", sample.rate().string(), "-o", made.string()}).exit_code, 0);
  EXPECT_EQ(spec2({"asn", "make", sample.rate().string(), "-o", made.string()}).exit_code, 2);
  EXPECT_EQ(spec2({"asn", "make", sample.rate().string(), "-o", made.string(), "--overwrite"}).exit_code, 0);
  fs::rename(made, sample.asn());
  EXPECT_EQ(sample.run().exit_code, 0);
  EXPECT_THAT(sample.products(), ElementsAre(kCal, kS2d, kX1d));
}

TEST(Run, ChosenProducts) {
  const SampleCase sample;
  const std::vector<std::string> names = sample.repeat_product(3);
  const ProgramResult result = sample.run({"--product", names[2] + "_cal", "--product", names[0]});
  EXPECT_EQ(result.exit_code, 2) << "names are those of the association, or of the files without suffix";
  EXPECT_THAT(result.errors, HasSubstr("Did you mean '" + names[2] + "'?"));
  EXPECT_TRUE(sample.products().empty());
  EXPECT_EQ(sample.run({"--product", names[2], "--product", names[0]}).exit_code, 0);
  EXPECT_THAT(sample.products(), ElementsAre(names[0] + "_cal.fits", names[0] + "_s2d.fits", names[0] + "_x1d.fits",
                                             names[2] + "_cal.fits", names[2] + "_s2d.fits", names[2] + "_x1d.fits"));
}

}  // namespace
}  // namespace spec2::test
