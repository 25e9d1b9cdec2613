#include "pipeline/memory_report/memory_recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <thread>

#include "core/memory/buffer.hpp"

namespace spec2::pipeline {
namespace {

using namespace std::chrono_literals;

StepUsage usage_of(const Account& run, const std::string& step) {
  return {.step = step, .outcome = "done", .live_peak = run.peak_bytes(), .live_after = run.live_bytes()};
}

TEST(MemoryCurve, SamplesAtBordersAndInBetween) {
  Account run("run");
  MemoryCurve curve(run, std::chrono::steady_clock::now());
  const Reservation block(run, 100, "block");
  curve.mark(SampleEvent::step_begins, 3);
  curve.tick();
  curve.mark(SampleEvent::step_ends, 3);
  curve.tick();
  const std::vector<MemorySample> samples = curve.take_samples();
  ASSERT_EQ(samples.size(), 4U);
  EXPECT_EQ(samples[0].step, 3);
  EXPECT_EQ(samples[1].step, 3);
  EXPECT_EQ(samples[1].event, SampleEvent::periodic);
  EXPECT_EQ(samples[2].step, 3);
  EXPECT_EQ(samples[3].step, -1);
  EXPECT_EQ(samples[3].live, 100U);
  EXPECT_GT(samples[3].resident, 1U << 20);
  EXPECT_GE(samples[3].virtual_size, samples[3].resident);
  EXPECT_TRUE(curve.take_samples().empty());
}

TEST(MemoryCurve, AnEndlessProductHasABoundedNumberOfSamples) {
  Account run("run");
  MemoryCurve curve(run, std::chrono::steady_clock::now());
  curve.mark(SampleEvent::step_begins, 0);
  for (std::size_t i = 0; i < 5 * MemoryCurve::kMostSamples; ++i) curve.tick();
  const std::vector<MemorySample> samples = curve.take_samples();
  EXPECT_LE(samples.size(), MemoryCurve::kMostSamples);
  EXPECT_GE(samples.size(), MemoryCurve::kMostSamples / 2);
  EXPECT_EQ(samples.front().event, SampleEvent::step_begins) << "borders stay";
  EXPECT_TRUE(std::is_sorted(samples.begin(), samples.end(),
                             [](const MemorySample& a, const MemorySample& b) { return a.time_s < b.time_s; }));
}

TEST(PeriodicCall, CallsUntilItEnds) {
  std::atomic<int> calls = 0;
  {
    const PeriodicCall periodic(2ms, [&] { ++calls; });
    while (calls < 3) std::this_thread::sleep_for(1ms);
  }
  const int ended = calls;
  std::this_thread::sleep_for(10ms);
  EXPECT_EQ(calls, ended);
}

TEST(ResidentState, PartsAddUp) {
  Account run("run");
  const Buffer<char> block(run, 8 << 20, "plane SCI");
  const ResidentState state = resident_state(run.live_bytes());
  EXPECT_GE(state.part(ResidentPart::blocks), 8 << 20);
  EXPECT_GT(state.part(ResidentPart::program), 0);
  EXPECT_EQ(std::accumulate(state.parts.begin(), state.parts.end(), std::int64_t{0}),
            static_cast<std::int64_t>(state.resident));
}

TEST(MemoryRecorder, NotesStepsBlocksAndSamples) {
  Account run("run");
  MemoryRecorder recorder(run, std::chrono::steady_clock::now());
  recorder.begin_product(5, "a");
  const Reservation reference(run, 40, "reference photom");
  std::optional<Account> exposure(std::in_place, "exposure a", run);
  Reservation kept;
  recorder.begin_step("photom");
  {
    Account step("step photom", *exposure);
    recorder.begin_peak();
    run.reset_peak();
    kept = Reservation(step, 60, "scratch result");
    { const Reservation scratch(step, 100, "scratch weights"); }
    kept.move_to(*exposure, "plane SCI");
  }
  recorder.end_step(usage_of(run, "photom"));
  recorder.begin_step("skipped");
  recorder.end_step(usage_of(run, "skipped"));
  kept.reset();
  exposure.reset();
  const ProductMemory product = recorder.end_product("done");
  EXPECT_EQ(product.product, 5U);
  ASSERT_EQ(product.steps.size(), 2U);
  const StepMemory& photom = product.steps[0];
  EXPECT_EQ(photom.usage.live_peak, 200U);
  std::size_t at_peak = 0, after = 0, after_by_kind = 0;
  for (const HeldBlocks& each : photom.at_peak) at_peak += each.bytes;
  for (const HeldBlocks& each : photom.after) after += each.bytes;
  for (const KindUse& each : photom.kinds) after_by_kind += each.live_bytes;
  EXPECT_EQ(at_peak, 200U);
  EXPECT_EQ(after, photom.usage.live_after);
  EXPECT_EQ(after_by_kind, photom.usage.live_after);
  EXPECT_EQ(photom.at_peak[0].kind, "scratch weights");
  EXPECT_EQ(photom.at_peak[0].moment, TakenIn::moment(5, 0));
  EXPECT_EQ(photom.at_peak[2].moment, TakenIn::moment(5, -1)) << "taken before the step";
  EXPECT_EQ(product.steps[1].after.size(), 2U);
  ASSERT_EQ(product.held_after.size(), 1U);
  EXPECT_EQ(product.held_after[0].kind, "reference photom");
  // Two borders a step, and the end.
  std::size_t borders = 0;
  for (const MemorySample& each : product.samples) borders += each.event != SampleEvent::periodic ? 1 : 0;
  EXPECT_EQ(borders, 5U);
}

TEST(MemoryRecorder, AStepThatDidNotEndIsTold) {
  Account run("run");
  MemoryRecorder recorder(run, std::chrono::steady_clock::now());
  recorder.begin_product(0, "a");
  recorder.begin_step("photom");
  { const Reservation scratch(run, 100, "scratch weights"); }
  const ProductMemory product = recorder.end_product("failed: why");
  ASSERT_EQ(product.steps.size(), 1U);
  EXPECT_EQ(product.steps[0].usage.outcome, "failed: why");
  EXPECT_EQ(product.steps[0].usage.live_peak, 100U);
  EXPECT_EQ(product.steps[0].at_peak.at(0).kind, "scratch weights");
  recorder.begin_product(1, "b");
  EXPECT_TRUE(recorder.end_product("done").steps.empty());
}

TEST(TakenIn, GoesIntoAMomentAndBack) {
  for (const std::int64_t step : {-1, 0, 17}) {
    const TakenIn taken = TakenIn::of(TakenIn::moment(123456, step));
    EXPECT_EQ(taken.product, 123456);
    EXPECT_EQ(taken.step, step);
  }
  EXPECT_EQ(TakenIn::of(-1).product, -1);
}

}  // namespace
}  // namespace spec2::pipeline
