#include "steps/badpix_selfcal/badpix_selfcal_step.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "core/error.hpp"
#include "datamodels/dq.hpp"
#include "tests/unit/steps/no_references.hpp"

namespace spec2 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class KeptNames final : public SideProducts {
 public:
  void write(const Exposure&, std::string_view suffix) override { names.emplace_back(suffix); }
  std::vector<std::string> names;
};

class BadpixSelfcalStepTest : public testing::Test {
 protected:
  static constexpr std::size_t kRows = 32, kColumns = 64;
  static constexpr std::size_t kHot = 10 * kColumns + 30, kCosmic = 20 * kColumns + 40;

  /// Level 1 with a hot pixel that all exposures share, and on demand one that only this one has.
  Exposure exposure(bool with_cosmic, int axes = 2, std::size_t rows = kRows) {
    Exposure result;
    result.data_axes = axes;
    result.meta.set("DISPAXIS", 1);
    const PlaneShape shape{1, rows, kColumns};
    for (FloatPlane* const plane : {&result.planes.sci, &result.planes.err, &result.planes.var_poisson}) {
      *plane = make_plane<float>(account_, shape, "plane");
      std::fill_n(plane->data(), plane->size(), 1.0f);
    }
    result.planes.dq = make_plane<std::uint32_t>(account_, shape, "DQ");
    result.planes.sci.data()[kHot] = 50.0f;
    if (with_cosmic) result.planes.sci.data()[kCosmic] = 40.0f;
    return result;
  }

  StepResult run(const BadpixSelfcalConfig& config, Exposure input) {
    Account step_account("step", account_);
    StepContext context{step_account, Log(), parallel_, cancel_, references_, files_, backgrounds_, selfcals_};
    const std::size_t before = account_.live_bytes();
    account_.reset_peak();
    StepResult result = BadpixSelfcalStep(config).run(std::move(input), context);
    peak_ = account_.peak_bytes() - before;
    return result;
  }

  Account account_{"test"};
  Parallel parallel_;
  CancelToken cancel_;
  test::NoReferences references_;
  KeptNames files_;
  std::vector<Exposure> backgrounds_, selfcals_;
  std::size_t peak_ = 0;
};

TEST_F(BadpixSelfcalStepTest, FlagsWhatAllExposuresShareInScienceAndBackgrounds) {
  backgrounds_.push_back(exposure(false));
  selfcals_.push_back(exposure(false));
  const StepResult result = run({.save_flagged_bkg = true}, exposure(true));
  ASSERT_EQ(result.status, StepStatus::complete);
  for (const Exposure* const each : std::initializer_list<const Exposure*>{&result.exposure, &backgrounds_[0]}) {
    EXPECT_TRUE(std::isnan(each->planes.sci.data()[kHot]));
    EXPECT_TRUE(std::isnan(each->planes.err.data()[kHot]));
    EXPECT_TRUE(std::isnan(each->planes.var_poisson.data()[kHot]));
    EXPECT_EQ(each->planes.dq.data()[kHot], dq::kDoNotUse | dq::kOtherBadPixel);
  }
  EXPECT_EQ(result.exposure.planes.sci.data()[kCosmic], 40.0f);
  EXPECT_EQ(selfcals_[0].planes.dq.data()[kHot], 0u);
  EXPECT_THAT(files_.names, ElementsAre("badpix_selfcal_bkg_0"));
}

TEST_F(BadpixSelfcalStepTest, SkipsWithoutMembers) {
  const StepResult result = run({}, exposure(true));
  EXPECT_EQ(result.status, StepStatus::skipped);
  EXPECT_THAT(result.reason, HasSubstr("force_single"));
  EXPECT_FALSE(std::isnan(result.exposure.planes.sci.data()[kHot]));
}

TEST_F(BadpixSelfcalStepTest, ForceSingleTakesTheExposureAlone) {
  const StepResult result = run({.force_single = true}, exposure(true));
  EXPECT_EQ(result.status, StepStatus::complete);
  EXPECT_TRUE(std::isnan(result.exposure.planes.sci.data()[kHot]));
  EXPECT_TRUE(std::isnan(result.exposure.planes.sci.data()[kCosmic]));
}

TEST_F(BadpixSelfcalStepTest, EstimateHoldsThePeak) {
  run({.force_single = true}, exposure(true));
  ExposureShape shape;
  shape.image = {1, kRows, kColumns};
  const std::size_t estimate = BadpixSelfcalStep({}).estimate(shape).scratch;
  EXPECT_LE(peak_, estimate);
  EXPECT_LE(static_cast<double>(estimate), 1.25 * static_cast<double>(peak_));
}

std::string message_of(const std::function<void()>& work, ErrorCause cause) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), cause);
    return error.what();
  }
  return "no error";
}

TEST_F(BadpixSelfcalStepTest, RefusesCubesAndMembersOfAnotherShape) {
  EXPECT_THAT(message_of([&] { run({.force_single = true}, exposure(false, 3)); }, ErrorCause::user_input),
              HasSubstr("images, not cubes"));
  backgrounds_.push_back(exposure(false, 2, kRows + 2));
  EXPECT_THAT(message_of([&] { run({}, exposure(false)); }, ErrorCause::data), HasSubstr("1 x 34 x 64 pixels"));
}

TEST(BadpixSelfcalConfig, AllProblemsAtOnce) {
  EXPECT_THAT((BadpixSelfcalConfig{.flagfrac_lower = -1.0, .flagfrac_upper = 0.7, .kernel_size = 4}.validate()),
              ElementsAre(HasSubstr("flagfrac_lower"), HasSubstr("flagfrac_upper"), HasSubstr("odd number")));
  EXPECT_THAT(BadpixSelfcalConfig{}.validate(), IsEmpty());
}

}  // namespace
}  // namespace spec2
