#include <gtest/gtest.h>

#include <filesystem>

#include "pipeline/runner/run.hpp"
#include "tests/integration/sample_case.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;

constexpr double kMostOverPeak = 1.25;
/// Below this, what libraries and small tables take cannot be told to the byte beforehand.
constexpr std::size_t kSmall = std::size_t{1} << 20;

/// The predicted peak of every step is reached or passed by nothing, and by at most a quarter more than what was measured.
void expect_honest(const pipeline::RunOptions& options) {
  const pipeline::RunReport report = pipeline::run(options);
  ASSERT_EQ(report.exit_code(), 0) << report.products.front().reason;
  int steps = 0;
  for (const pipeline::ProductResult& product : report.products) {
    for (const pipeline::StepUsage& usage : product.steps) {
      if (usage.outcome != "done") continue;
      ++steps;
      EXPECT_GE(usage.estimate, usage.live_peak) << usage.step;
      if (usage.live_peak >= kSmall) {
        EXPECT_LE(static_cast<double>(usage.estimate), kMostOverPeak * static_cast<double>(usage.live_peak)) << usage.step;
      } else EXPECT_LE(usage.estimate, usage.live_peak + kSmall) << usage.step;
    }
  }
  EXPECT_GE(steps, 6);
}

pipeline::RunOptions options_of(const SampleCase& sample) {
  pipeline::RunOptions options;
  options.input = sample.asn();
  options.output_dir = sample.output();
  options.crds_path = SampleCase::crds();
  options.crds_context = "jwst_9001.pmap";
  return options;
}

TEST(Estimates, OfTheSample) {
  const SampleCase sample;
  expect_honest(options_of(sample));
}

// The images are read while the WCS is made: how far that comes is not known, but no peak passes its estimate.
TEST(Estimates, HoldOnTwoThreads) {
  const SampleCase sample;
  pipeline::RunOptions options = options_of(sample);
  options.threads = 2;
  const pipeline::RunReport report = pipeline::run(options);
  ASSERT_EQ(report.exit_code(), 0) << report.products.front().reason;
  for (const pipeline::StepUsage& usage : report.products.front().steps) {
    if (usage.outcome != "done") continue;
    EXPECT_GE(usage.estimate, usage.live_peak) << usage.step;
  }
}

class Estimates : public ::testing::TestWithParam<const char*> {};

TEST_P(Estimates, OfACase) {
  const fs::path shared = SPEC2_SHARED_DIR;
  if (!fs::exists(shared / "cases" / GetParam())) {
    GTEST_SKIP() << "the cases are not here; the sample in data/ is tested all the same";
  }
  const UnpackedCase unpacked(shared / "cases" / GetParam());
  pipeline::RunOptions options;
  options.input = unpacked.asn();
  options.output_dir = unpacked.folder() / "products";
  options.crds_path = shared / "crds";
  options.crds_context = "jwst_9001.pmap";
  expect_honest(options);
}

INSTANTIATE_TEST_SUITE_P(Nirspec, Estimates, ::testing::Values("nirspec_fs_g395m", "nirspec_fs_lamp", "nirspec_bots_prism"));

}  // namespace
}  // namespace spec2::test
