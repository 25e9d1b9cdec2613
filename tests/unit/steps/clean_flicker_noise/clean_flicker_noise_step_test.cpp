#include "steps/clean_flicker_noise/clean_flicker_noise_step.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/error.hpp"
#include "tests/unit/steps/clean_flicker_noise/test_image.hpp"
#include "tests/unit/steps/no_references.hpp"

namespace spec2 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class KeptFiles final : public SideProducts {
 public:
  void write(const Exposure& exposure, std::string_view suffix) override {
    names.emplace_back(suffix);
    sums[std::string(suffix)] = 0.0;
    for (const float value : exposure.planes.sci) sums[std::string(suffix)] += std::isnan(value) ? 0.0 : value;
    const PlaneShape shape = shapes[std::string(suffix)] = exposure.planes.shape();
    std::vector<double>& by_integration = integration_sums[std::string(suffix)];
    by_integration.assign(shape.integrations, 0.0);
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const float value = exposure.planes.sci.data()[i];
      if (!std::isnan(value)) by_integration[i / (shape.rows * shape.columns)] += value;
    }
  }
  std::vector<std::string> names;
  std::map<std::string, double> sums;
  std::map<std::string, PlaneShape> shapes;
  std::map<std::string, std::vector<double>> integration_sums;
};

class CleanFlickerNoiseStepTest : public testing::Test {
 protected:
  Exposure exposure(std::size_t integrations) {
    clean_flicker_noise::TestImage test(kRows, kColumns);
    Exposure result;
    result.kind = integrations > 1 ? ModelKind::cube : ModelKind::image;
    result.data_axes = integrations > 1 ? 3 : 2;
    result.meta.set("EXP_TYPE", "NRS_FIXEDSLIT");
    result.meta.set("DETECTOR", "NRS1");
    result.meta.set("SUBARRAY", "SUBS200A1");
    result.meta.set("SLOWAXIS", 1);
    result.planes.sci = make_plane<float>(account_, {integrations, kRows, kColumns}, "SCI");
    result.planes.dq = make_plane<std::uint32_t>(account_, {integrations, kRows, kColumns}, "DQ");
    for (std::size_t n = 0; n < integrations; ++n) {
      for (std::size_t i = 0; i < test.values.size(); ++i) result.planes.sci.data()[n * test.values.size() + i] = test.values[i];
    }
    result.planes.sci.data()[17] = std::nanf("");
    return result;
  }

  StepResult run(CleanFlickerNoiseConfig config, std::size_t integrations = 1, const DraftSpectra* spectra = nullptr) {
    Exposure input = exposure(integrations);
    if (spectra) input.meta.set("EXP_TYPE", "NRS_BRIGHTOBJ");
    Account step_account("step", account_);
    StepContext context{step_account, Log(), parallel_, cancel_, references_, files_};
    context.draft_spectra = spectra;
    const CleanFlickerNoiseStep step(std::move(config));
    const std::size_t before = account_.live_bytes();
    account_.reset_peak();
    StepResult result = step.run(std::move(input), context);
    peak_ = account_.peak_bytes() - before;
    ExposureShape shape;
    shape.image = {integrations, kRows, kColumns};
    estimate_ = step.estimate(shape).scratch + step.estimate(shape).added;
    result.exposure.charge_to(account_);
    return result;
  }

  static constexpr std::size_t kRows = 64, kColumns = 128;
  Account account_{"test"};
  Parallel parallel_;
  CancelToken cancel_;
  test::NoReferences references_;
  KeptFiles files_;
  std::size_t peak_ = 0, estimate_ = 0;
};

TEST_F(CleanFlickerNoiseStepTest, TakesTheWavesOutAndKeepsNan) {
  const StepResult result = run({});
  EXPECT_EQ(result.status, StepStatus::complete);
  EXPECT_TRUE(std::isnan(result.exposure.planes.sci.data()[17]));
  const Exposure before = exposure(1);
  double waves_before = 0.0, waves_after = 0.0;
  for (std::size_t x = 0; x < kColumns; ++x) {
    if (x == 17) continue;
    double sum_before = 0.0, sum_after = 0.0;
    for (std::size_t y = 0; y < kRows; ++y) {
      sum_before += before.planes.sci(0, y, x);
      sum_after += result.exposure.planes.sci(0, y, x);
    }
    waves_before += sum_before * std::sin(0.37 * static_cast<double>(x));
    waves_after += sum_after * std::sin(0.37 * static_cast<double>(x));
  }
  EXPECT_LT(std::abs(waves_after), 0.1 * std::abs(waves_before));  // bright pixels stay
}

TEST_F(CleanFlickerNoiseStepTest, SavesMaskBackgroundAndNoise) {
  const StepResult result = run({.save_mask = true, .save_background = true, .save_noise = true}, 3);
  EXPECT_THAT(files_.names, ElementsAre("mask", "flicker_bkg", "flicker_noise"));
  EXPECT_EQ(files_.shapes["mask"].integrations, 1u);
  EXPECT_EQ(files_.shapes["flicker_noise"].integrations, 3u);
}

TEST_F(CleanFlickerNoiseStepTest, OneMaskForEachIntegrationOnDemand) {
  run({.single_mask = false, .save_mask = true}, 3);
  EXPECT_EQ(files_.shapes["mask"].integrations, 3u);
}

TEST_F(CleanFlickerNoiseStepTest, MedianImageOfOneIntegrationFails) {
  const StepResult result = run({.background_method = "median_image"});
  EXPECT_EQ(result.status, StepStatus::failed);
  EXPECT_THAT(result.reason, HasSubstr("needs several integrations"));
}

/// A target that gets brighter: fluxes 2, 4, 6, ... with a NaN that counts as nothing.
class Brightening final : public DraftSpectra {
 public:
  explicit Brightening(std::size_t integrations) : integrations_(integrations) {}
  std::vector<Spectrum> extract(const Exposure&, StepContext&) const override {
    std::vector<Spectrum> spectra(integrations_);
    for (std::size_t n = 0; n < integrations_; ++n) {
      spectra[n].flux = {1.0 + static_cast<double>(n), std::nan(""), 1.0 + static_cast<double>(n)};
    }
    return spectra;
  }

 private:
  std::size_t integrations_;
};

TEST_F(CleanFlickerNoiseStepTest, MedianImageOfATimeSeriesIsScaledByItsSpectra) {
  const Brightening target(3);
  const StepResult result = run({.background_method = "median_image", .save_background = true}, 3, &target);
  EXPECT_EQ(result.status, StepStatus::complete);
  // All integrations are the same image: the median is it, and the scales over their median are 1/2, 1 and 3/2.
  const auto& sums = files_.integration_sums["flicker_bkg"];
  ASSERT_EQ(sums.size(), 3u);
  EXPECT_NEAR(sums[0] / sums[1], 0.5, 1e-6);
  EXPECT_NEAR(sums[2] / sums[1], 1.5, 1e-6);
}

TEST_F(CleanFlickerNoiseStepTest, MedianImageWithoutASpectrumOfEachIntegrationFails) {
  const Brightening target(2);
  EXPECT_EQ(run({.background_method = "median_image"}, 3, &target).status, StepStatus::failed);
}

TEST_F(CleanFlickerNoiseStepTest, EstimateHoldsThePeak) {
  const std::vector<CleanFlickerNoiseConfig> configs{{},
                                                     {.fit_method = "fft"},
                                                     {.background_method = "model"},
                                                     {.save_background = true, .save_noise = true},
                                                     {.background_method = "median_image"}};
  for (const CleanFlickerNoiseConfig& config : configs) {
    run(config, 3);
    EXPECT_LE(peak_, estimate_) << config.fit_method << ' ' << config.background_method;
    EXPECT_LE(static_cast<double>(estimate_), 1.25 * static_cast<double>(peak_))
        << config.fit_method << ' ' << config.background_method;
  }
}

TEST(CleanFlickerNoiseConfig, AllProblemsAtOnce) {
  const CleanFlickerNoiseConfig config{.fit_method = "mean", .background_method = "mode", .background_box_size = {3}};
  EXPECT_THAT(config.validate(), ElementsAre(HasSubstr("fft or median"), HasSubstr("median, model, median_image or None"),
                                             HasSubstr("two numbers")));
}

}  // namespace
}  // namespace spec2
