#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>

#include "core/error.hpp"
#include "core/memory/account.hpp"
#include "core/memory/resident.hpp"
#include "pipeline/memory_report/product_memory_json.hpp"
#include "tests/unit/pipeline/memory_report/made_report.hpp"

namespace spec2::pipeline::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(MemoryReportFile, GivesBackWhatWasWritten) {
  const ScratchFolder folder;
  write_report(folder / "r.h5", 3);
  EXPECT_TRUE(is_memory_report(folder / "r.h5"));
  const MemoryReport report = read_memory_report(folder / "r.h5");
  EXPECT_EQ(report.version(), "1.2.3");
  EXPECT_EQ(report.command(), "spec2 run asn.json");
  EXPECT_EQ(report.memory_limit(), 512 << 20);
  ASSERT_EQ(report.exposures().size(), 3U);
  EXPECT_EQ(report.exposures()[1].name, "product1");
  EXPECT_EQ(report.exposures()[1].process, 77);
  EXPECT_EQ(report.exposures()[2].after.live, 1536U);
  ASSERT_EQ(report.steps().size(), 6U);
  const ReportStep& step = report.steps()[3];
  EXPECT_EQ(step.name, "photom");
  EXPECT_EQ(step.exposure, 1U);
  EXPECT_EQ(step.began_s, 11.0);
  EXPECT_EQ(step.live.before, 1000);
  EXPECT_EQ(step.live.peak, (9 << 20) + 1000);
  EXPECT_EQ(step.live.after, 5000);
  EXPECT_EQ(step.resident.peak, 5 << 20);
  EXPECT_EQ(step.virtual_size.after, 30 << 20);
  EXPECT_EQ(step.budget, 64 << 20);
  EXPECT_EQ(report.steps()[2].budget, -1) << "no limit";
  EXPECT_EQ(step.allocations, 2);
  EXPECT_EQ(step.allocated_bytes, 9 << 20);
  EXPECT_EQ(step.fullest.resident, 5U << 20);
  EXPECT_EQ(step.fullest.part(ResidentPart::small_blocks), 1000);
  const std::vector<KindUse> kinds = report.kinds(3);
  ASSERT_EQ(kinds.size(), 2U);
  EXPECT_EQ(kinds[0].kind, "plane SCI");
  EXPECT_EQ(kinds[0].live_bytes, 4000U);
  const std::vector<ReportBlocks> peak = report.blocks_at_peak(3);
  ASSERT_EQ(peak.size(), 2U);
  EXPECT_EQ(peak[0].kind, "plane SCI");
  EXPECT_THAT(peak[0].holders, ElementsAre("run", "exposure product1", "step photom"));
  EXPECT_EQ(peak[0].taken_exposure, 1);
  EXPECT_EQ(peak[0].taken_step, 3);
  EXPECT_THAT(report.blocks_after_step(3)[0].holders, ElementsAre("run", "exposure product1"));
  const std::vector<ReportBlocks> left = report.blocks_after_exposure(2);
  ASSERT_EQ(left.size(), 3U);
  EXPECT_EQ(left[0].taken_exposure, 0);
  EXPECT_EQ(left[0].taken_step, -1);
  const std::vector<ReportSample> samples = report.samples();
  ASSERT_EQ(samples.size(), 15U);
  EXPECT_EQ(samples[7].time_s, 11.0);
  EXPECT_EQ(samples[7].exposure, 1U);
  EXPECT_EQ(samples[7].step, 3);
  EXPECT_EQ(samples[5].event, SampleEvent::step_begins);
}

TEST(MemoryReportFile, ARunWithoutProductsIsAReportToo) {
  const ScratchFolder folder;
  write_report(folder / "r.h5", 0);
  const MemoryReport report = read_memory_report(folder / "r.h5");
  EXPECT_TRUE(report.exposures().empty());
  EXPECT_TRUE(report.steps().empty());
  EXPECT_TRUE(report.samples().empty());
}

TEST(MemoryReportFile, HasItsNameOnlyWhenItIsWhole) {
  const ScratchFolder folder;
  {
    MemoryReportWriter writer(folder / "r.h5", kFacts);
    writer.append(made_product(0, "a", 1));
    EXPECT_FALSE(fs::exists(folder / "r.h5"));
  }
  EXPECT_TRUE(fs::is_empty(folder.path())) << "an unfinished file is removed";
  try {
    const MemoryReportWriter writer(folder / "none/r.h5", kFacts);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), ErrorCause::system);
    EXPECT_THAT(error.what(), HasSubstr("none/r.h5"));
  }
}

/// The process that met a full disk must end as any other.
[[noreturn]] void write_on_a_full_disk(const fs::path& path, std::size_t products) {
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit most{64 << 10, 64 << 10};
  ::setrlimit(RLIMIT_FSIZE, &most);
  ErrorCause cause = ErrorCause::internal;
  try {
    write_report(path, products);
  } catch (const Error& error) {
    cause = error.cause();
  }
  std::exit(cause == ErrorCause::system && fs::is_empty(path.parent_path()) ? 0 : 1);
}

TEST(MemoryReportFile, AFullDiskIsAnErrorAndNoCrash) {
  const ScratchFolder folder;
  for (const std::size_t products : {1, 100}) {
    EXPECT_EXIT(write_on_a_full_disk(folder / "r.h5", products), ::testing::ExitedWithCode(0), "");
  }
}

TEST(MemoryReportFile, ProductsDoNotAddUpInMemory) {
#ifdef SPEC2_SANITIZED
  GTEST_SKIP() << "a sanitizer keeps freed memory";
#endif
  const ScratchFolder folder;
  MemoryReportWriter writer(folder / "r.h5", kFacts);
  const auto append_many = [&](std::size_t first, std::size_t count) {
    for (std::size_t i = first; i < first + count; ++i) {
      ProductMemory product = made_product(0, "product" + std::to_string(i), 1);
      product.product = i;
      writer.append(product);
    }
    return process_memory().resident;
  };
  const std::size_t early = append_many(0, 5000), late = append_many(5000, 5000);
  EXPECT_LT(late, early + (3U << 20));
  writer.finish();
  EXPECT_EQ(read_memory_report(folder / "r.h5").exposures().size(), 10000U);
}

TEST(MemoryReportFile, GoesThroughTheChannelOfAWorker) {
  const ProductMemory sent = made_product(4, "name\xff", 3);
  const ProductMemory received = product_memory(to_json(sent));
  EXPECT_EQ(received.product, 4U);
  EXPECT_EQ(received.process, 77);
  EXPECT_EQ(received.steps.size(), sent.steps.size());
  EXPECT_EQ(received.steps[1].usage.budget, sent.steps[1].usage.budget);
  EXPECT_EQ(received.steps[0].usage.budget, Account::kUnlimited);
  EXPECT_EQ(received.steps[1].at_peak[0].holders.back(), "step photom");
  EXPECT_EQ(received.steps[1].at_peak[0].moment, TakenIn::moment(4, 1));
  EXPECT_EQ(received.steps[0].fullest.parts, sent.steps[0].fullest.parts);
  EXPECT_EQ(received.samples[3].time_s, sent.samples[3].time_s);
  EXPECT_EQ(received.samples[0].event, SampleEvent::step_begins);
  EXPECT_EQ(received.held_after.size(), sent.held_after.size());
  EXPECT_THROW(product_memory("{\"product\":1}"), Error);
}

}  // namespace
}  // namespace spec2::pipeline::test
