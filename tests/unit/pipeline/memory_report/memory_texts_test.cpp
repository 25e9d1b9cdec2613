#include "pipeline/memory_report/memory_texts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "core/memory/account.hpp"
#include "tests/unit/pipeline/memory_report/made_report.hpp"

namespace spec2::pipeline::test {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class MemoryTexts : public ::testing::Test {
 protected:
  MemoryTexts() { write_report(folder_ / "r.h5", 3); }
  MemoryReport report() const { return read_memory_report(folder_ / "r.h5"); }

  ScratchFolder folder_;
};

TEST_F(MemoryTexts, UsageHasEveryStepOfEveryExposure) {
  const std::string text = usage_text(report());
  EXPECT_THAT(text, HasSubstr("product2: done\n"));
  EXPECT_THAT(text, ContainsRegex("  photom +0\\.005 +\\+0\\.004 +10\\.001 +5\\.000 +\\+0\\.000 +5\\.000 +30\\.000 +2  done\n"));
  const std::string one = usage_text(report(), {"product1", "photom"});
  EXPECT_THAT(one, HasSubstr("product1"));
  EXPECT_THAT(one, Not(HasSubstr("product0")));
  EXPECT_THAT(one, Not(HasSubstr("assign_wcs")));
}

TEST_F(MemoryTexts, UnknownNamesAreRefusedWithThoseThatAre) {
  try {
    usage_text(report(), {"other", ""});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), ErrorCause::user_input);
    EXPECT_THAT(error.what(), HasSubstr("has no exposure 'other'"));
    EXPECT_THAT(error.what(), HasSubstr("product0, product1, product2"));
  }
  EXPECT_THROW(fullest_step(report(), {"", "other"}), Error);
}

TEST_F(MemoryTexts, GrowthIsWhatEachExposureAdds) {
  const std::vector<KindGrowth> growth = growth_by_kind(report());
  ASSERT_EQ(growth.size(), 3U);
  EXPECT_EQ(growth[2].kind, "leak");
  EXPECT_EQ(growth[2].exposure, 2U);
  EXPECT_EQ(growth[2].count, 3);
  EXPECT_EQ(growth[2].count_increase, 1);
  EXPECT_EQ(growth[2].bytes, 1536);
  EXPECT_EQ(growth[2].bytes_increase, 512);
  EXPECT_THAT(growth_text(report()), ContainsRegex("product2\n  leak +3 +\\+1 +1536 +\\+512\n"));
  EXPECT_THAT(growth_text(report(), 1), HasSubstr("... and 2 more rows (--top shows them)"));
}

TEST_F(MemoryTexts, PartitionAddsUp) {
  const MemoryReport of = report();
  const std::size_t step = fullest_step(of, {});
  EXPECT_EQ(step, 5U);
  const std::vector<KindShare> shares = partition_by_kind(of.blocks_at_peak(step));
  ASSERT_EQ(shares.size(), 2U);
  EXPECT_EQ(shares[0].kind, "plane SCI");
  EXPECT_EQ(shares[1].cumulative_bytes, of.steps()[step].live.peak);
  EXPECT_EQ(shares[1].cumulative_percent, 100.0);
  EXPECT_THAT(partition_text(of, step), ContainsRegex("0 +2 +10485760 +100\\.0 +10485760 +100\\.0  plane SCI\n"));
}

TEST_F(MemoryTexts, HoldersAreChains) {
  const std::string text = holders_text(report(), 3, "SCI");
  EXPECT_THAT(text, HasSubstr("  run -> exposure product1 -> step photom -> plane SCI: 2 blocks, 9.0 MiB, "
                              "taken in step photom of product1\n"));
  EXPECT_THAT(text, Not(HasSubstr("WCS")));
  EXPECT_THAT(holders_text(report(), 3, "none"), HasSubstr("no block of a kind with 'none'"));
}

TEST_F(MemoryTexts, TheDifferenceOfResidentAndLiveIsExplained) {
  const std::string text = difference_text(report());
  EXPECT_THAT(text, HasSubstr("peaks: live 10.001 MiB, resident 5.000 MiB, virtual 30.000 MiB"));
  EXPECT_THAT(text, HasSubstr("4.999 MiB  libraries"));
  EXPECT_THAT(text, HasSubstr("5.000 MiB  resident, of which 0.001 MiB are live"));
}

TEST(MemoryTextsOfALedger, TellWhatLivesNow) {
  Account run("run");
  const Ledger ledger(run);
  Account exposure("exposure a", run);
  const Reservation plane(exposure, 3000, "plane SCI"), reference(run, 1000, "reference photom");
  const std::vector<HeldBlocks> held = ledger.held();
  EXPECT_THAT(holders_text(held), HasSubstr("  run -> exposure a -> plane SCI: 1 block, 2.9 KiB\n"));
  const std::vector<KindShare> shares = partition_by_kind(held);
  EXPECT_EQ(shares[0].percent, 75.0);
  EXPECT_THAT(partition_text(shares), ContainsRegex("1 +1 +1000 +25\\.0 +4000 +100\\.0  reference photom\n"));
}

}  // namespace
}  // namespace spec2::pipeline::test
