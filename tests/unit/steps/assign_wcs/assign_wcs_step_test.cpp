#include "steps/assign_wcs/assign_wcs_step.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "reference_files.hpp"
#include "table_file.hpp"

namespace spec2 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class GivenReferences final : public References {
 public:
  explicit GivenReferences(assign_wcs::nirspec::ReferencePaths paths) : paths_(std::move(paths)) {}
  std::optional<std::string> path(std::string_view type) override {
    asked.emplace_back(type);
    const auto found = paths_.find(std::string(type));
    return found == paths_.end() ? std::nullopt : std::optional(found->second.string());
  }
  ReferenceCache& cache() override { return cache_; }
  std::vector<std::string> asked;

 private:
  assign_wcs::nirspec::ReferencePaths paths_;
  Account account_{"cache"};
  ReferenceCache cache_{account_, 1 << 20};
};

class NoSideProducts final : public SideProducts {
 public:
  void write(const Exposure&, std::string_view) override { FAIL() << "assign_wcs writes no side products"; }
};

Metadata fixed_slit_header() {
  Metadata header("made_up_rate.fits");
  header.set("EXP_TYPE", "NRS_FIXEDSLIT");
  header.set("DETECTOR", "NRS1");
  header.set("GRATING", "G395M");
  header.set("FILTER", "F290LP");
  header.set("SUBARRAY", "ALLSLITS");
  header.set("SUBSTRT1", 1);
  header.set("SUBSTRT2", 897);
  header.set("GWA_XTIL", 0.2836);
  header.set("GWA_YTIL", 0.177);
  header.set("V2_REF", 331.86703);
  header.set("V3_REF", -479.41754);
  header.set("RA_REF", 0.001);
  header.set("DEC_REF", -56.3);
  header.set("ROLL_REF", -107.7);
  return header;
}

class AssignWcsStepTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (testing::shared_file("crds").empty()) GTEST_SKIP() << "the shared reference files are not there";
  }

  StepResult run(const Metadata& header, AssignWcsConfig config = {}) {
    assign_wcs::nirspec::Setup choice;
    choice.exp_type = header.text("EXP_TYPE");
    choice.grating = header.text("GRATING") == "MIRROR" ? "PRISM" : header.text("GRATING");
    choice.filter = header.text("FILTER") == "OPAQUE" ? "CLEAR" : header.text("FILTER");
    GivenReferences references(testing::nirspec_references(choice));
    StepContext context{account_, Log(), parallel_, cancel_, references, side_products_};
    Exposure exposure;
    exposure.meta = header;
    exposure.arena = &arena_;
    StepResult result = AssignWcsStep(config).run(std::move(exposure), context);
    asked_ = references.asked;
    return result;
  }

  std::string message_of(const Metadata& header, ErrorCause cause) {
    try {
      run(header);
    } catch (const Error& error) {
      EXPECT_EQ(error.cause(), cause) << error.what();
      return error.what();
    }
    return "nothing was thrown";
  }

  Account account_{"step"};
  Parallel parallel_;
  CancelToken cancel_;
  NoSideProducts side_products_;
  wcs::Arena arena_;
  std::vector<std::string> asked_;
};

TEST_F(AssignWcsStepTest, FixedSlitsAreListedAndKeywordsSet) {
  const StepResult result = run(fixed_slit_header());
  EXPECT_EQ(result.status, StepStatus::complete);
  std::vector<std::string> names;
  for (const Slit& slit : result.exposure.slits) names.push_back(slit.name);
  EXPECT_THAT(names, ElementsAre("S200A1", "S200A2", "S400A1", "S1600A1"));
  EXPECT_EQ(result.exposure.meta.text("SPECSYS"), "BARYCENT");
  EXPECT_EQ(result.exposure.meta.integer("DISPAXIS"), 1);
  EXPECT_EQ(result.exposure.meta.integer("SPORDER"), -1);
  EXPECT_EQ(result.exposure.meta.real("WAVSTART"), 2.87e-6);
  EXPECT_EQ(result.exposure.meta.real("WAVEND"), 5.27e-6);
  EXPECT_EQ(result.exposure.meta.text("FXD_SLIT"), "NONE");
  EXPECT_TRUE(result.exposure.arena->frozen());
  EXPECT_EQ(result.exposure.slits[0].source_id, 1);
  EXPECT_EQ(asked_.size(), 16u);
  EXPECT_EQ(asked_.front(), "distortion");
}

TEST_F(AssignWcsStepTest, LampsEndAtTheMsa) {
  Metadata header = fixed_slit_header();
  header.set("EXP_TYPE", "NRS_LAMP");
  header.set("OPMODE", "FIXEDSLIT");
  header.set("LAMP", "LINE3");
  header.set("FILTER", "OPAQUE");
  header.set("S_REGION", "POLYGON ICRS  1 2 3 4");
  header.erase("RA_REF");
  const StepResult result = run(header);
  EXPECT_EQ(wcs::output_frame(arena_, result.exposure.slits.at(0).wcs).name, "msa_frame");
  EXPECT_FALSE(result.exposure.meta.has("S_REGION"));
  EXPECT_FALSE(result.exposure.slits[0].has_source_position);
}

TEST_F(AssignWcsStepTest, ModesWithoutAWcsAreSkippedWithTheReason) {
  Metadata header = fixed_slit_header();
  header.set("GRATING", "MIRROR");
  StepResult result = run(header);
  EXPECT_EQ(result.status, StepStatus::skipped);
  EXPECT_THAT(result.reason, HasSubstr("MIRROR"));
  header = fixed_slit_header();
  header.set("EXP_TYPE", "NRS_LAMP");
  header.set("OPMODE", "GRATING-ONLY");
  result = run(header);
  EXPECT_EQ(result.status, StepStatus::skipped);
  EXPECT_THAT(result.reason, HasSubstr("GRATING-ONLY"));
}

TEST_F(AssignWcsStepTest, BadHeadersAreNamed) {
  Metadata header = fixed_slit_header();
  header.erase("ROLL_REF");
  EXPECT_THAT(message_of(header, ErrorCause::data), HasSubstr("ROLL_REF"));
  header = fixed_slit_header();
  header.set("RA_REF", std::numeric_limits<double>::quiet_NaN());
  EXPECT_THAT(message_of(header, ErrorCause::data), HasSubstr("RA_REF is not a finite number (file made_up_rate.fits"));
  header = fixed_slit_header();
  header.set("DETECTOR", "NRS3");
  EXPECT_THAT(message_of(header, ErrorCause::data), HasSubstr("NRS1 and NRS2"));
  header = fixed_slit_header();
  header.set("EXP_TYPE", "NRS_MSASPEC");
  EXPECT_THAT(message_of(header, ErrorCause::data), HasSubstr("MSAMETFL"));
}

TEST_F(AssignWcsStepTest, NoDataOnTheDetector) {
  Metadata header = fixed_slit_header();
  header.set("DETECTOR", "NRS2");
  header.set("SUBARRAY", "SUBS200A1");
  EXPECT_THAT(message_of(header, ErrorCause::no_data), HasSubstr("no open slit falls on detector NRS2"));
}

}  // namespace
}  // namespace spec2
