#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/sample_case.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

std::string product_file(const std::string& suffix) { return std::string(SampleCase::kProduct) + "_" + suffix + ".fits"; }

void replace_in(const fs::path& file, const std::string& old, const std::string& text) {
  std::string all = read_text(file);
  const std::size_t at = all.find(old);
  ASSERT_NE(at, std::string::npos);
  write_text(file, all.replace(at, old.size(), text));
}

// The files are those that jwst 3.0.0 (strun calwebb_spec2) writes with the same words.
TEST(OutputNames, ByFileModelAndSuffix) {
  const SampleCase sample;
  EXPECT_EQ(sample
                .run({"--output_file=mine_cal.fits", "--steps.assign_wcs.save_results=true",
                      "--steps.assign_wcs.search_output_file=false", "--steps.wavecorr.search_output_file=false",
                      "--steps.wavecorr.output_file=other.fits", "--steps.extract_1d.search_output_file=false",
                      "--steps.flat_field.save_results=true", "--steps.flat_field.suffix=ff", "--steps.resample_spec.suffix=zzz",
                      "--steps.extract_1d.suffix=yyy", "--suffix=xxx"})
                .exit_code,
            0);
  EXPECT_THAT(sample.products(), ElementsAre(product_file("assign_wcs"), "mine_cal.fits", "mine_ff.fits", "mine_s2d.fits",
                                             "mine_x1d.fits", "other_wavecorr.fits"));
}

TEST(OutputNames, FileOfAStepIsSavedAndItsFolderMade) {
  const SampleCase sample;
  const fs::path folder = sample.folder() / "a" / "b";
  EXPECT_EQ(sample.run({"--steps.srctype.output_use_model=true", "--steps.srctype.output_file=foo.fits",
                        "--steps.extract_1d.output_file=spectrum.fits", "--steps.resample_spec.output_dir=" + folder.string(),
                        "--steps.extract_2d.output_file=bar_cal.x.fits"}).exit_code, 0);
  EXPECT_THAT(sample.products(),
              ElementsAre("bar_cal.x_extract_2d.fits", "bar_cal.x_srctype.fits", product_file("cal"), "spectrum_x1d.fits"));
  EXPECT_TRUE(fs::exists(folder / product_file("s2d")));
}

TEST(OutputNames, SeparatorOfTheProductStays) {
  const SampleCase sample;
  replace_in(sample.asn(), '"' + std::string(SampleCase::kProduct) + '"', "\"abc-rate\"");
  EXPECT_EQ(sample.run({"--steps.photom.save_results=true"}).exit_code, 0);
  EXPECT_THAT(sample.products(), ElementsAre("abc-cal.fits", "abc-photom.fits", "abc-s2d.fits", "abc-x1d.fits"));
}

TEST(OutputNames, OtherFormatsAreRefused) {
  const SampleCase sample;
  const ProgramResult result = sample.run({"--steps.photom.output_ext=asdf"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("photom.output_ext"));
  EXPECT_THAT(sample.products(), IsEmpty());
}

TEST(InputFolder, FromACurrentFolderElsewhere) {
  const SampleCase sample;
  fs::create_directory(sample.folder() / "members");
  fs::rename(sample.rate(), sample.folder() / "members" / SampleCase::kRate);
  const std::string here = "cd " + sample.folder().string() + " && " + SPEC2_PROGRAM + " run ";
  const std::vector<std::string> environment = {"CRDS_PATH=" + SampleCase::crds().string(), "CRDS_CONTEXT=jwst_9001.pmap"};
  for (const char* input : {"asn.json --output-dir products", "jw09001003001_02101_00001_nrs2_rate.fits --output-dir of_rate"}) {
    const ProgramResult result = run_program({"/bin/sh", "-c", here + input + " --input_dir=members"}, environment);
    EXPECT_EQ(result.exit_code, 0) << result.errors;
  }
  EXPECT_THAT(sample.products(), ElementsAre(product_file("cal"), product_file("s2d"), product_file("x1d")));
  EXPECT_TRUE(fs::exists(sample.folder() / "of_rate" / product_file("x1d")));
}

TEST(DumpCfg, GivesTheRunAgain) {
  const SampleCase sample;
  for (const char* name : {"used.cfg", "used.asdf"}) {
    const std::string file = (sample.folder() / name).string();
    EXPECT_EQ(
        sample.run({"--steps.extract_1d.smoothing_length=5", "--dump-cfg", file, "--set", "resample_spec.skip=true"}).exit_code,
        0);
    const ProgramResult checked = run_program({SPEC2_PROGRAM, "config", "--check", file});
    EXPECT_EQ(checked.exit_code, 0) << checked.output;
    EXPECT_THAT(checked.output, HasSubstr("2 parameters differ"));
    for (const auto& product : sample.products()) fs::remove(sample.output() / product);
    EXPECT_EQ(sample.run({"--cfg", file}).exit_code, 0);
    EXPECT_THAT(sample.products(), ElementsAre(product_file("cal"), product_file("x1d")));
  }
}

// Files that users have: of 2017 with one file a step, of 2017 with everything in one, and parameter files of today.
TEST(GivenFiles, OfEveryAgeRun) {
  const fs::path shared = SPEC2_SHARED_DIR;
  if (!fs::exists(shared / "parameters/cfg/real2017")) GTEST_SKIP() << "the shared files are not here";
  std::vector<fs::path> files;
  for (const char* name : {"calwebb_spec2.cfg", "calwebb_spec2_mrs.cfg", "calwebb_spec2_nirspec.cfg"}) {
    files.push_back(shared / "parameters/cfg/real2017" / name);
  }
  for (const auto& entry : fs::recursive_directory_iterator(shared / "crds/references")) {
    if (entry.path().filename().string().find("pars-spec2pipeline") != std::string::npos) files.push_back(entry.path());
  }
  EXPECT_GE(files.size(), 4u);
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.string());
    const SampleCase sample;
    // One of the files names slits that the sample does not have.
    const ProgramResult result = sample.run({"--cfg", file.string(), "--set", "extract_2d.slit_names=S200B1,"});
    EXPECT_EQ(result.exit_code, 0) << result.output << result.errors;
    EXPECT_THAT(sample.products(), IsSupersetOf({product_file("cal"), product_file("x1d")}));
  }
  RecordProperty("files", static_cast<int>(files.size()));
}

}  // namespace
}  // namespace spec2::test
