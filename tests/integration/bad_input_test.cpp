#include <sys/resource.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>

#include "tests/integration/sample_case.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A failed run: this exit code, these words among the messages, and nothing in the output folder.
void expect_clean_failure(const SampleCase& sample, const ProgramResult& result, int exit_code, std::vector<std::string> words) {
  EXPECT_EQ(result.exit_code, exit_code) << result.output << result.errors;
  for (const std::string& word : words) EXPECT_THAT(result.output + result.errors, HasSubstr(word));
  EXPECT_THAT(sample.products(), IsEmpty());
}

std::string asn_with(const std::string& products) {
  return R"({"asn_type": "spec2", "asn_rule": "Asn_Lv2NRSFSS", "asn_pool": "pool", "products": [)" + products + "]}";
}

std::string product(const std::string& name, const std::string& file) {
  return R"({"name": ")" + name + R"(", "members": [{"expname": ")" + file + R"(", "exptype": "science"}]})";
}

TEST(BadInput, MissingMember) {
  const SampleCase sample;
  fs::remove(sample.rate());
  expect_clean_failure(sample, sample.run(), 3, {SampleCase::kRate, "does not exist"});
}

TEST(BadInput, TruncatedFits) {
  const SampleCase sample;
  fs::resize_file(sample.rate(), fs::file_size(sample.rate()) / 3);
  expect_clean_failure(sample, sample.run(), 3, {SampleCase::kRate, "truncated"});
}

TEST(BadInput, WrongExposureType) {
  const SampleCase sample;
  sample.set_keyword("PRIMARY", "EXP_TYPE", "NRC_IMAGE");
  expect_clean_failure(sample, sample.run(), 3, {"NRC_IMAGE", "EXP_TYPE", SampleCase::kRate});
}

TEST(BadInput, MissingKeyword) {
  for (const char* keyword : {"INSTRUME", "GRATING", "FILTER", "EXP_TYPE", "DETECTOR"}) {
    const SampleCase sample;
    sample.remove_keyword("PRIMARY", keyword);
    expect_clean_failure(sample, sample.run(), 3, {keyword, SampleCase::kRate});
  }
}

TEST(BadInput, PointingThatIsNoNumber) {
  const SampleCase sample;
  sample.remove_keyword("SCI", "ROLL_REF");
  expect_clean_failure(sample, sample.run(), 3, {"ROLL_REF"});
}

TEST(BadInput, NegativeRollIsAnAngleLikeAnyOther) {
  const SampleCase sample;
  sample.set_keyword("SCI", "ROLL_REF", 318.84999999999997 - 360.0);
  EXPECT_EQ(sample.run().exit_code, 0);
}

TEST(BadInput, MissingPlane) {
  const SampleCase sample;
  sample.remove_hdu("SCI");
  expect_clean_failure(sample, sample.run(), 3, {"SCI", SampleCase::kRate});
}

TEST(BadInput, AllPixelsNaN) {
  const SampleCase sample;
  sample.fill_plane("SCI", std::numeric_limits<float>::quiet_NaN());
  const ProgramResult result = sample.run();
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(sample.products(), testing::Contains(std::string(SampleCase::kProduct) + "_x1d.fits"));
}

TEST(BadInput, ReferenceOfAnotherDetector) {
  const SampleCase sample;
  const fs::path wrong = SampleCase::crds() / "references/jwst/nirspec/jwst_nirspec_area_9101.fits";
  expect_clean_failure(sample, sample.run({"--override", "photom=" + wrong.string()}), 4, {"photom", wrong.filename().string()});
}

TEST(BadInput, MissingReference) {
  const SampleCase sample;
  expect_clean_failure(sample, sample.run({"--override", "photom=/nowhere/photom.fits"}), 4, {"/nowhere/photom.fits", "photom"});
}

TEST(BadInput, UnknownSlitName) {
  const SampleCase sample;
  expect_clean_failure(sample, sample.run({"--set", "extract_2d.slit_names=S999"}), 2, {"S999", "S200B1"});
}

TEST(BadInput, UnknownParameterOffersTheNearestName) {
  const SampleCase sample;
  expect_clean_failure(sample, sample.run({"--set", "resample_spec.pixfract=0.7"}), 2, {"pixfract", "pixfrac"});
}

TEST(BadInput, WrongTypeOfParameter) {
  const SampleCase sample;
  expect_clean_failure(sample, sample.run({"--set", "resample_spec.pixfrac=wide"}), 2, {"pixfrac", "wide"});
}

TEST(BadInput, UnknownOption) {
  const SampleCase sample;
  expect_clean_failure(sample, sample.run({"--colour"}), 2, {"--colour"});
}

TEST(BadInput, UnwritableOutputFolder) {
  if (::geteuid() == 0) {
    // The superuser may write anywhere: a file in the place of the folder is refused all the same.
    const SampleCase sample;
    write_text(sample.output(), "");
    const ProgramResult result = sample.run();
    EXPECT_EQ(result.exit_code, 6) << result.errors;
    EXPECT_THAT(result.errors, HasSubstr(sample.output().string()));
    return;
  }
  const SampleCase sample;
  fs::create_directory(sample.output());
  fs::permissions(sample.output(), fs::perms::owner_read | fs::perms::owner_exec);
  expect_clean_failure(sample, sample.run(), 6, {sample.output().string()});
}

TEST(BadInput, FullDisk) {
  // A limit on the size of files fails writes in the middle as a full disk does.
  const SampleCase sample;
  const ProgramResult result = run_program(
      {"/bin/sh", "-c",
       "ulimit -f 200; exec " SPEC2_PROGRAM " run " + sample.asn().string() + " --output-dir " + sample.output().string()},
      {"CRDS_PATH=" + SampleCase::crds().string(), "CRDS_CONTEXT=jwst_9001.pmap"});
  expect_clean_failure(sample, result, 6, {"_cal.fits"});
}

TEST(BadInput, MemberOutsideTheFolder) {
  const SampleCase sample;
  write_text(sample.asn(), asn_with(product("a", "../../etc/passwd")));
  expect_clean_failure(sample, sample.run(), 2, {"../../etc/passwd"});
}

TEST(BadInput, AssociationThatIsNoUtf8) {
  const SampleCase sample;
  write_text(sample.asn(), asn_with(product("caf\xe9", SampleCase::kRate)));
  expect_clean_failure(sample, sample.run(), 2, {"UTF-8"});
}

TEST(BadInput, AssociationThatIsNoJson) {
  const SampleCase sample;
  write_text(sample.asn(), "{\"products\": [");
  expect_clean_failure(sample, sample.run(), 2, {"asn.json"});
}

TEST(BadInput, OneFailingProductDoesNotStopTheOthers) {
  const SampleCase sample;
  write_text(sample.asn(),
             asn_with(product("broken", "missing_rate.fits") + "," + product(SampleCase::kProduct, SampleCase::kRate)));
  const ProgramResult result = sample.run();
  EXPECT_EQ(result.exit_code, 3) << result.errors;
  EXPECT_THAT(result.output, AllOf(HasSubstr("broken: failed"), HasSubstr(std::string(SampleCase::kProduct) + ": done")));
  EXPECT_EQ(sample.products().size(), 3u);
}

TEST(BadInput, BudgetIsRefusedBeforeReading) {
  const SampleCase sample;
  expect_clean_failure(sample, sample.run({"--memory", "1M"}), 5, {"memory", "1.0 MiB"});
}

TEST(BadInput, StepThatPassesItsBudgetNamesTheHolders) {
  const SampleCase sample;
  expect_clean_failure(sample, sample.run({"--set", "resample_spec.memory_budget=100K"}), 5,
                       {"resample_spec", "limit 100.0 KiB", "largest holders", "used", "peak"});
  EXPECT_EQ(sample.run({"--set", "resample_spec.memory_budget=64M"}).exit_code, 0);
  const SampleCase other;
  expect_clean_failure(other, other.run({"--set", "photom.memory_budget=lots"}), 2, {"photom.memory_budget", "lots"});
}

TEST(BadInput, NaNPointing) {
  const SampleCase sample;
  sample.set_keyword("SCI", "ROLL_REF", "NaN");
  expect_clean_failure(sample, sample.run(), 3, {"ROLL_REF", SampleCase::kRate});
}

TEST(BadInput, RightAscensionAtZeroIsAPlaceLikeAnyOther) {
  for (const double ra : {0.0, 360.0, 359.99999}) {
    const SampleCase sample;
    sample.set_keyword("SCI", "RA_REF", ra);
    const ProgramResult result = sample.run();
    EXPECT_EQ(result.exit_code, 0) << ra << result.errors;
    EXPECT_EQ(sample.products().size(), 3u);
  }
}

TEST(BadInput, MemberGivenTwice) {
  const SampleCase sample;
  const std::string member = std::string(R"({"expname": ")") + SampleCase::kRate + R"(", "exptype": "science"})";
  write_text(sample.asn(), asn_with(R"({"name": "twice", "members": [)" + member + "," + member + "]}"));
  const ProgramResult result = sample.run();
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.errors, HasSubstr("warning"));
  EXPECT_EQ(sample.products().size(), 3u);
}

TEST(BadInput, BackgroundWithAnotherTiltOfTheGratingWheelIsNotSubtracted) {
  const SampleCase sample;
  fs::copy_file(sample.rate(), sample.folder() / "sky_rate.fits");
  sample.set_keyword("PRIMARY", "GWA_XTIL", 0.5);
  write_text(sample.asn(), asn_with(std::string(R"({"name": "tilt", "members": [{"expname": ")") + SampleCase::kRate +
                                    R"(", "exptype": "science"}, {"expname": "sky_rate.fits", "exptype": "background"}]})"));
  const ProgramResult result = sample.run();
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.errors, AllOf(HasSubstr("GWA_XTIL"), HasSubstr("sky_rate.fits")));
  EXPECT_THAT(result.output, HasSubstr("skipped: the tilt of the grating wheel"));
}

/// A signal stops the run at the next safe point, whenever it comes: all products are there or none, and nothing else.
TEST(Interruption, LeavesNothingHalfWritten) {
  struct Signal {
    const char* name;
    int exit_code;
  };
  int stopped = 0;
  for (const Signal& signal : {Signal{"INT", 130}, Signal{"TERM", 143}}) {
    for (int milliseconds = 4; milliseconds <= 80; milliseconds += 4) {
      const SampleCase sample;
      const ProgramResult result = run_program(
          {"/usr/bin/timeout", "--foreground", "--preserve-status", "-s", signal.name, std::to_string(milliseconds * 1e-3),
           SPEC2_PROGRAM, "run", sample.asn().string(), "--output-dir", sample.output().string()},
          {"CRDS_PATH=" + SampleCase::crds().string(), "CRDS_CONTEXT=jwst_9001.pmap"});
      const bool finished = result.exit_code == 0;
      EXPECT_TRUE(finished || result.exit_code == signal.exit_code) << result.exit_code << result.errors;
      EXPECT_EQ(sample.products().size(), finished ? 3u : 0u) << "after " << milliseconds << " ms";
      stopped += finished ? 0 : 1;
    }
  }
  std::printf("%d of 40 runs were stopped\n", stopped);
  EXPECT_GT(stopped, 0);
}

}  // namespace
}  // namespace spec2::test
