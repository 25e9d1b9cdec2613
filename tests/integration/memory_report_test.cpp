// run --memory-report and spec2 memory: numbers that agree with each other, leaks that are seen, failures that cost nothing else.
#include "pipeline/memory_report/memory_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <numeric>
#include <set>

#include "core/error.hpp"
#include "pipeline/memory_report/memory_texts.hpp"
#include "pipeline/runner/run.hpp"
#include "tests/integration/sample_case.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;
using pipeline::MemoryReport;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

std::int64_t bytes_of(const std::vector<pipeline::ReportBlocks>& blocks) {
  return std::accumulate(blocks.begin(), blocks.end(), std::int64_t{0},
                         [](std::int64_t sum, const auto& each) { return sum + each.bytes; });
}

fs::path report_of(const SampleCase& sample) { return sample.folder() / "report.h5"; }

std::vector<std::string> with_report(const SampleCase& sample, std::vector<std::string> more = {}) {
  more.insert(more.end(), {"--memory-report", report_of(sample).string()});
  return more;
}

/// What is told of the same bytes in several places is the same.
void expect_consistent(const MemoryReport& report) {
  for (std::size_t i = 0; i < report.steps().size(); ++i) {
    const pipeline::ReportStep& step = report.steps()[i];
    SCOPED_TRACE(report.exposures()[step.exposure].name + " " + step.name);
    EXPECT_LE(step.live.after, step.live.peak);
    EXPECT_LE(step.live.before, step.live.peak);
    EXPECT_EQ(bytes_of(report.blocks_after_step(i)), step.live.after);
    std::int64_t by_kind = 0, allocations = 0;
    for (const pipeline::KindUse& kind : report.kinds(i)) {
      by_kind += static_cast<std::int64_t>(kind.live_bytes);
      allocations += static_cast<std::int64_t>(kind.allocations);
    }
    EXPECT_EQ(by_kind, step.live.after);
    EXPECT_EQ(allocations, step.allocations);
    EXPECT_GT(step.fullest.resident, 0U);
    EXPECT_GE(step.virtual_size.peak, step.resident.after);
  }
  for (std::size_t i = 0; i < report.exposures().size(); ++i) {
    const pipeline::ReportExposure& exposure = report.exposures()[i];
    if (exposure.process == 0) continue;
    EXPECT_EQ(bytes_of(report.blocks_after_exposure(i)), static_cast<std::int64_t>(exposure.after.live));
    EXPECT_EQ(std::accumulate(exposure.after.parts.begin(), exposure.after.parts.end(), std::int64_t{0}),
              static_cast<std::int64_t>(exposure.after.resident));
  }
  std::map<std::int64_t, std::pair<int, int>> borders;
  for (const pipeline::ReportSample& sample : report.samples()) {
    if (sample.event == pipeline::SampleEvent::step_begins) ++borders[sample.step].first;
    if (sample.event == pipeline::SampleEvent::step_ends) ++borders[sample.step].second;
  }
  EXPECT_EQ(borders.size(), report.steps().size());
  for (const auto& [step, count] : borders) EXPECT_EQ(count, std::pair(1, 1)) << "step " << step;
}

TEST(MemoryReportRun, TellsTheSameBytesInEveryPlace) {
  const SampleCase sample;
  const ProgramResult result = sample.run(with_report(sample, {"--memory", "64M"}));
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const MemoryReport report(report_of(sample));
  ASSERT_EQ(report.exposures().size(), 1U);
  EXPECT_EQ(report.steps().size(), 18U);
  EXPECT_EQ(report.memory_limit(), 64 << 20);
  expect_consistent(report);
  for (std::size_t i = 0; i < report.steps().size(); ++i) {
    const pipeline::ReportStep& step = report.steps()[i];
    EXPECT_EQ(step.budget, 64 << 20);
    // With one thread the peak is told block by block.
    EXPECT_EQ(bytes_of(report.blocks_at_peak(i)), step.live.peak) << step.name;
  }
  std::set<std::string> groups;
  for (std::size_t i = 0; i < report.steps().size(); ++i) {
    for (const auto& blocks : report.blocks_at_peak(i)) groups.insert(blocks.kind.substr(0, blocks.kind.find(' ')));
  }
  EXPECT_EQ(groups, (std::set<std::string>{"WCS", "plane", "reference", "scratch"}));
  EXPECT_FALSE(fs::exists(report_of(sample).string() + ".part"));
}

TEST(MemoryReportRun, IsPrinted) {
  const SampleCase sample;
  ASSERT_EQ(sample.run(with_report(sample)).exit_code, 0);
  const ProgramResult all = run_program({SPEC2_PROGRAM, "memory", report_of(sample).string()});
  EXPECT_EQ(all.exit_code, 0) << all.errors;
  for (const char* const part : {"Usage by exposure and step", "Growth by kind between exposures", "Live memory by kind",
                                 "Holders, at the peak of step", "held by libraries", "retained by the allocator"}) {
    EXPECT_THAT(all.output, HasSubstr(part));
  }
  const ProgramResult one = run_program({SPEC2_PROGRAM, "memory", report_of(sample).string(), "--exposure", SampleCase::kProduct,
                                         "--step", "extract_2d", "--holders", "plane SCI"});
  EXPECT_THAT(one.output, HasSubstr(std::string("run -> exposure ") + SampleCase::kProduct + " -> step extract_2d -> plane SCI"));
  const ProgramResult wrong = run_program({SPEC2_PROGRAM, "memory", report_of(sample).string(), "--step", "photon"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.errors, HasSubstr("has no step 'photon'"));
  EXPECT_THAT(wrong.errors, HasSubstr("photom"));
  const ProgramResult other = run_program({SPEC2_PROGRAM, "memory", sample.rate().string()});
  EXPECT_EQ(other.exit_code, 3);
  EXPECT_THAT(other.errors, HasSubstr("cannot be opened as HDF5"));
  EXPECT_EQ(run_program({SPEC2_PROGRAM, "memory", (sample.folder() / "none.h5").string()}).exit_code, 2);
}

/// Blocks that someone holds from exposure to exposure are seen as growth, with who holds them and since when.
TEST(MemoryReportRun, ALeakIsSeen) {
  const SampleCase sample;
  sample.repeat_product(4);
  pipeline::RunOptions options;
  options.input = sample.asn();
  options.output_dir = sample.output();
  options.crds_path = SampleCase::crds();
  options.crds_context = "jwst_9001.pmap";
  options.memory_report = report_of(sample);
  Account* run = nullptr;
  std::vector<Reservation> leak;
  pipeline::RunObservers observers;
  observers.account_made = [&](Account& account) { run = &account; };
  observers.product_ended = [&](const pipeline::ProductResult& product) {
    EXPECT_EQ(product.outcome, pipeline::ProductOutcome::done) << product.reason;
    // The last product ends with the run, and so must what it holds.
    if (leak.size() < 3) leak.emplace_back(*run, 100000, "plane that is forgotten");
    else leak.clear();
  };
  ASSERT_EQ(pipeline::run(options, observers).exit_code(), 0);
  const MemoryReport report(report_of(sample));
  expect_consistent(report);
  std::vector<pipeline::KindGrowth> growth = pipeline::growth_by_kind(report);
  std::erase_if(growth, [](const auto& each) { return each.exposure == 0; });
  ASSERT_EQ(growth.size(), 3U) << "one kind, after each exposure but the first";
  for (std::size_t i = 0; i < growth.size(); ++i) {
    EXPECT_EQ(growth[i].kind, "plane that is forgotten");
    EXPECT_EQ(growth[i].exposure, i + 1);
    EXPECT_EQ(growth[i].count, static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(growth[i].bytes_increase, 100000);
  }
  EXPECT_THAT(pipeline::growth_text(report, 100), ContainsRegex("plane that is forgotten +3 +\\+1 +300000 +\\+100000"));
  const std::string holders = pipeline::holders_text(report, report.steps().size() - 1, "forgotten");
  EXPECT_THAT(holders, HasSubstr("run -> plane that is forgotten: 1 block, 97.7 KiB, taken between steps of " +
                                 report.exposures()[0].name));
}

TEST(MemoryReportRun, WithThreadsAndAStepThatFails) {
  const SampleCase sample;
  const auto names = sample.repeat_product(3);
  fs::remove(sample.folder() / (names[1] + "_rate.fits"));
  const ProgramResult result = sample.run(with_report(sample, {"--threads", "2"}));
  EXPECT_EQ(result.exit_code, 3) << result.errors;
  const MemoryReport report(report_of(sample));
  ASSERT_EQ(report.exposures().size(), 3U);
  EXPECT_THAT(report.exposures()[1].outcome, HasSubstr("failed: "));
  EXPECT_EQ(report.steps().size(), 36U);
  expect_consistent(report);
  const ProgramResult refused = sample.run(with_report(sample, {"--set", "flat_field.memory_budget=10k", "--product", names[0]}));
  EXPECT_EQ(refused.exit_code, 5);
  const MemoryReport of_refused(report_of(sample));
  ASSERT_FALSE(of_refused.steps().empty());
  EXPECT_EQ(of_refused.steps().back().name, "flat_field");
  EXPECT_THAT(of_refused.steps().back().outcome, HasSubstr("failed: "));
}

TEST(MemoryReportRun, ComesFromEveryWorker) {
  const SampleCase sample;
  const auto names = sample.repeat_product(5);
  const ProgramResult result = sample.run(with_report(sample, {"--workers", "2"}));
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const MemoryReport report(report_of(sample));
  EXPECT_EQ(report.exposures().size(), 5U);
  EXPECT_EQ(report.steps().size(), 90U);
  expect_consistent(report);
  std::set<std::int64_t> processes;
  for (const auto& exposure : report.exposures()) processes.insert(exposure.process);
  EXPECT_EQ(processes.size(), 2U);
}

TEST(MemoryReportRun, AWorkerThatDiesCostsTheRowsOfItsProduct) {
  const SampleCase sample;
  const auto names = sample.repeat_product(4);
  const ProgramResult result = sample.run(with_report(
      sample, {"--workers", "2", "--allow-hooks", "--set",
               "photom.pre_hooks='case {0} in *" + names[1] + "*) kill -SEGV $PPID; sleep 5;; esac',"}));
  EXPECT_EQ(result.exit_code, 70) << result.errors;
  const MemoryReport report(report_of(sample));
  ASSERT_EQ(report.exposures().size(), 4U);
  for (const auto& exposure : report.exposures()) {
    EXPECT_EQ(exposure.outcome.starts_with("failed"), exposure.name == names[1]);
    EXPECT_EQ(exposure.process == 0, exposure.name == names[1]);
  }
  EXPECT_EQ(report.steps().size(), 54U);
  expect_consistent(report);
}

TEST(MemoryReportRun, AStoppedRunLeavesAReport) {
  const SampleCase sample;
  sample.repeat_product(3);
  const ProgramResult result =
      sample.run(with_report(sample, {"--allow-hooks", "--set", "photom.pre_hooks='kill -TERM $PPID; sleep 0.3',"}));
  EXPECT_EQ(result.exit_code, 143) << result.errors;
  const MemoryReport report(report_of(sample));
  ASSERT_EQ(report.exposures().size(), 1U);
  EXPECT_GT(report.steps().size(), 5U);
  expect_consistent(report);
}

TEST(MemoryReportRun, AKeptProductHasNoSteps) {
  const SampleCase sample;
  ASSERT_EQ(sample.run().exit_code, 0);
  ASSERT_EQ(sample.run(with_report(sample, {"--resume"})).exit_code, 0);
  const MemoryReport report(report_of(sample));
  ASSERT_EQ(report.exposures().size(), 1U);
  EXPECT_EQ(report.exposures()[0].outcome, "kept");
  EXPECT_TRUE(report.steps().empty());
  EXPECT_EQ(run_program({SPEC2_PROGRAM, "memory", report_of(sample).string()}).exit_code, 0);
}

TEST(MemoryReportRun, ThatCannotBeWrittenIsToldBeforeAnythingIsDone) {
  const SampleCase sample;
  const ProgramResult result = sample.run({"--memory-report", (sample.folder() / "none" / "r.h5").string()});
  EXPECT_EQ(result.exit_code, 6);
  EXPECT_THAT(result.errors, HasSubstr("the memory report cannot be written"));
  EXPECT_TRUE(sample.products().empty());
}

/// The products are those of a run without.
TEST(MemoryReportRun, ChangesNoProduct) {
  const SampleCase sample;
  ASSERT_EQ(sample.run().exit_code, 0);
  const auto without = dateless_contents(sample.output());
  fs::remove_all(sample.output());
  ASSERT_EQ(sample.run(with_report(sample)).exit_code, 0);
  const auto with = dateless_contents(sample.output());
  ASSERT_EQ(with.size(), without.size());
  for (const auto& [name, text] : without) EXPECT_EQ(with.at(name) == text, true) << name;
}

}  // namespace
}  // namespace spec2::test
