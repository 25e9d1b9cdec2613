// Time series through the chain in blocks of integrations: the same products whatever the blocks and threads, memory that does
// not depend on the length, nothing left behind when a block fails.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "pipeline/runner/run.hpp"
#include "tests/integration/long_series.hpp"
#include "tests/integration/sample_case.hpp"
#include "tests/regression/compare_products.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRateints = "jw09002001001_02101_00001_nrs1_rateints.fits";
constexpr std::size_t kMiB = std::size_t{1} << 20;

const fs::path kCase = fs::path(SPEC2_SHARED_DIR) / "cases" / "nirspec_bots_prism";

class Series : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(kCase)) GTEST_SKIP() << "the case nirspec_bots_prism is not here; time series have no sample in data/";
    unpacked_.emplace(kCase);
  }

  pipeline::RunOptions options(const std::string& products) const {
    pipeline::RunOptions options;
    options.input = unpacked_->asn();
    options.output_dir = unpacked_->folder() / products;
    options.crds_path = fs::path(SPEC2_SHARED_DIR) / "crds";
    options.crds_context = "jwst_9001.pmap";
    return options;
  }

  fs::path rateints() const { return unpacked_->folder() / kRateints; }

  std::vector<std::string> names(const std::string& products) const {
    std::vector<std::string> names;
    const fs::path folder = unpacked_->folder() / products;
    if (!fs::exists(folder)) return names;
    for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
    std::erase(names, "spec2_run.json");
    std::sort(names.begin(), names.end());
    return names;
  }

  void expect_same_products(const std::string& one, const std::string& other) const {
    ASSERT_EQ(names(one), names(other));
    for (const std::string& name : names(one)) {
      const auto differences = product_differences(unpacked_->folder() / one / name, unpacked_->folder() / other / name, 0.0);
      EXPECT_TRUE(differences.empty()) << name << ": " << differences.front();
    }
  }

  std::optional<UnpackedCase> unpacked_;
};

/// A limit of the run that has the integrations go in blocks of at most `most`, found from what the plan says.
std::size_t limit_for_blocks(const pipeline::RunOptions& options, std::size_t most) {
  pipeline::RunOptions limited = options;
  for (limited.memory_limit = 16 * kMiB; limited.memory_limit > kMiB / 4; limited.memory_limit -= kMiB / 4) {
    const auto plan = pipeline::plan(limited).front();
    if (plan.block_integrations <= most) return limited.memory_limit;
  }
  return 0;
}

TEST_F(Series, BlocksGiveTheProductsOfTheWhole) {
  pipeline::RunOptions whole = options("whole");
  whole.save_steps = true;
  // A hook may look at the exposure, so that all of it must be there.
  whole.settings = {"srctype.pre_hooks=true,"};
  whole.allow_hooks = true;
  ASSERT_EQ(pipeline::plan(whole).front().block_integrations, 40u);
  ASSERT_EQ(pipeline::run(whole).exit_code(), 0);
  ASSERT_GE(names("whole").size(), 8u);
  for (const std::size_t threads : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
    const std::string folder = "blocks" + std::to_string(threads);
    pipeline::RunOptions blocks = options(folder);
    blocks.save_steps = true;
    blocks.threads = threads;
    blocks.memory_limit = limit_for_blocks(blocks, 2 + threads);
    ASSERT_GT(blocks.memory_limit, 0u);
    const pipeline::RunReport report = pipeline::run(blocks);
    ASSERT_EQ(report.exit_code(), 0) << report.products.front().reason;
    EXPECT_LE(report.peak_live, blocks.memory_limit);
    expect_same_products("whole", folder);
  }
}

TEST_F(Series, MemoryDoesNotDependOnTheLength) {
#ifdef SPEC2_SANITIZED
  GTEST_SKIP() << "the resident memory is that of the sanitizer; the release build does this test";
#endif
  repeat_integrations(rateints(), rateints(), 10);
  ASSERT_EQ(pipeline::run(options("ten")).exit_code(), 0);
  const pipeline::RunReport ten = pipeline::run(options("ten"));
  unpacked_.emplace(kCase);
  repeat_integrations(rateints(), rateints(), 1000);
  const pipeline::ProductPlan plan = pipeline::plan(options("thousand")).front();
  EXPECT_EQ(plan.integrations, 1000u);
  const pipeline::RunReport thousand = pipeline::run(options("thousand"));
  ASSERT_EQ(thousand.exit_code(), 0) << thousand.products.front().reason;
  std::printf("peaks of 10 and 1000 integrations: live %.1f and %.1f MiB (predicted %.1f), resident %.1f and %.1f MiB\n",
              ten.peak_live / 1048576.0, thousand.peak_live / 1048576.0, plan.blocks_peak / 1048576.0,
              ten.peak_resident / 1048576.0, thousand.peak_resident / 1048576.0);
  EXPECT_LE(thousand.peak_live, ten.peak_live + 5 * kMiB);
  EXPECT_LE(thousand.peak_resident, ten.peak_resident + 5 * kMiB);
  EXPECT_GE(plan.blocks_peak, thousand.peak_live);
  EXPECT_LE(static_cast<double>(plan.blocks_peak), 1.25 * static_cast<double>(thousand.peak_live));
}

/// Whoever makes products, the run itself or a worker, keeps reference files, free blocks and the arena between them: all
/// bounded.
TEST_F(Series, SmallAgainAfterAHugeExposure) {
#ifdef SPEC2_SANITIZED
  GTEST_SKIP() << "the resident memory is that of the sanitizer; the release build does this test";
#endif
  std::string products;
  for (const auto& [name, integrations] : {std::pair("jw1", 10), std::pair("jw2", 10), std::pair("jw3", 1000),
                                           std::pair("jw4", 10), std::pair("jw5", 10)}) {
    const std::string member = std::string(name) + "_rateints.fits";
    repeat_integrations(rateints(), unpacked_->folder() / member, static_cast<std::size_t>(integrations));
    products += std::string(products.empty() ? "" : ",") + R"({"name": ")" + name + R"(", "members": [{"expname": ")" + member +
                R"(", "exptype": "science"}]})";
  }
  write_text(unpacked_->asn(), R"({"asn_type": "spec2", "asn_id": "o1", "asn_pool": "p", "products": [)" + products + "]}");
  pipeline::RunOptions options = this->options("huge");
  // All integrations at once.
  options.settings = {"clean_flicker_noise.skip=false"};
  const pipeline::RunReport report = pipeline::run(options);
  ASSERT_EQ(report.exit_code(), 0);
  std::size_t huge = 0;
  for (const auto& step : report.products[2].steps) huge = std::max(huge, step.resident_peak);
  const std::size_t before = report.products[1].resident_after;
  std::printf("resident after small exposures %.1f MiB, in a huge one %.1f, after it %.1f, after small ones again %.1f\n",
              before / 1048576.0, huge / 1048576.0, report.products[2].resident_after / 1048576.0,
              report.products[4].resident_after / 1048576.0);
  EXPECT_GT(huge, before + 100 * kMiB) << "it is no huge one";
  EXPECT_LE(report.products[3].resident_after, before + 2 * kMiB);
  EXPECT_LE(report.products[4].resident_after, before + 2 * kMiB);
}

TEST_F(Series, StepsThatNeedAllIntegrationsGetThem) {
  pipeline::RunOptions traced = options("traced");
  traced.settings = {"pixel_replace.skip=false", "pixel_replace.algorithm=trace_model"};
  EXPECT_EQ(pipeline::plan(traced).front().block_integrations, 40u);
  EXPECT_LT(pipeline::plan(options("any")).front().block_integrations, 40u);
}

/// Stops the run when a block has been written.
class StopAfterBlocks final : public pipeline::Progress {
 public:
  explicit StopAfterBlocks(CancelToken& cancel) : cancel_(cancel) {}
  void step_started(std::string_view, std::size_t, std::size_t, std::string_view, std::size_t, std::size_t) override {}
  void product_ended(std::string_view, std::string_view) override {}
  void integrations_done(std::string_view, std::size_t done, std::size_t) override {
    if (done > 40) cancel_.request(15);
  }

 private:
  CancelToken& cancel_;
};

TEST_F(Series, AnInterruptionBetweenBlocksLeavesNothing) {
  repeat_integrations(rateints(), rateints(), 100);
  CancelToken cancel;
  StopAfterBlocks progress(cancel);
  const pipeline::RunReport report = pipeline::run(options("stopped"), {.progress = &progress, .cancel = &cancel});
  EXPECT_TRUE(report.interrupted);
  EXPECT_EQ(report.products.front().cause, ErrorCause::interrupted);
  EXPECT_TRUE(names("stopped").empty());
}

TEST_F(Series, ATruncatedSeriesIsRefusedBeforeItIsBegun) {
  repeat_integrations(rateints(), rateints(), 100);
  fs::resize_file(rateints(), fs::file_size(rateints()) / 2);
  const pipeline::RunReport report = pipeline::run(options("truncated"));
  EXPECT_EQ(report.products.front().cause, ErrorCause::data);
  EXPECT_TRUE(names("truncated").empty());
}

TEST_F(Series, AReservationThatFailsInABlockLeavesNothing) {
  repeat_integrations(rateints(), rateints(), 40);
  std::uint64_t reservations = 0;
  pipeline::RunObservers counting;
  counting.account_made = [&](Account& account) { account.set_charge_hook([&](std::uint64_t, std::size_t) { ++reservations; }); };
  const pipeline::RunReport undisturbed = pipeline::run(options("all"), counting);
  ASSERT_EQ(undisturbed.exit_code(), 0);
  int failures = 0;
  for (std::uint64_t at = 1; at <= reservations; at += 5) {
    std::uint64_t count = 0;
    pipeline::RunObservers observers;
    observers.account_made = [&](Account& account) {
      account.set_charge_hook([&](std::uint64_t, std::size_t) {
        if (++count == at) throw Error(ErrorCause::budget, "the reservation is made to fail");
      });
    };
    const pipeline::RunReport report = pipeline::run(options("some"), observers);
    if (report.exit_code() == 0) continue;
    ++failures;
    ASSERT_EQ(report.products.front().cause, ErrorCause::budget)
        << "reservation " << at << ": " << report.products.front().reason;
    ASSERT_TRUE(names("some").empty()) << "reservation " << at;
  }
  std::printf("%d of %llu reservations failed in turn\n", failures, static_cast<unsigned long long>(reservations));
  EXPECT_GT(failures, 20);
}

}  // namespace
}  // namespace spec2::test
