#include "pipeline/html/memory_section.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

#include "tests/unit/pipeline/memory_report/made_report.hpp"

namespace spec2::pipeline::html {
namespace {

using ::testing::ElementsAre;

StepUsage step(const std::string& name, double seconds, std::size_t before, std::size_t peak, std::size_t after) {
  return {.exposure = "a", .step = name, .outcome = "done", .seconds = seconds, .live_before = before, .live_peak = peak,
          .live_after = after, .resident_before = 10 * before, .resident_peak = 10 * peak, .resident_after = 10 * after,
          .estimate = peak, .budget = std::numeric_limits<std::size_t>::max()};
}

TEST(MemoryOfSteps, HasThreePointsAndABandAStep) {
  std::vector<FoundProduct> products = {{.name = "a", .steps = {step("x", 1.0, 1, 3, 2), step("y", 0.5, 2, 9, 0)}}};
  products[0].steps[1].budget = 20;
  const std::optional<Chart> chart = memory_of_steps(products);
  ASSERT_TRUE(chart);
  EXPECT_THAT(chart->x, ElementsAre(0.0, 0.5, 1.0, 1.0, 1.25, 1.5));
  EXPECT_THAT(chart->curves[0].values, ElementsAre(1, 3, 2, 2, 9, 0));
  EXPECT_THAT(chart->curves[1].values, ElementsAre(10, 30, 20, 20, 90, 0));
  ASSERT_EQ(chart->bands.size(), 2U);
  EXPECT_EQ(chart->bands[1].label, "y");
  EXPECT_EQ(chart->bands[1].from, 1.0);
  ASSERT_EQ(chart->levels.size(), 1U);
  EXPECT_EQ(chart->levels[0].value, 20.0);
}

TEST(MemoryOfSteps, OfManyStepsTheBandsAreProducts) {
  std::vector<FoundProduct> products;
  for (const char* const name : {"a", "b"}) products.push_back({.name = name, .steps = std::vector(40, step("x", 1.0, 1, 1, 1))});
  const std::optional<Chart> chart = memory_of_steps(products);
  ASSERT_TRUE(chart);
  EXPECT_EQ(chart->x.size(), 240U);
  ASSERT_EQ(chart->bands.size(), 2U);
  EXPECT_EQ(chart->bands[1].label, "b");
  EXPECT_EQ(chart->bands[1].from, 40.0);
  EXPECT_TRUE(chart->levels.empty());
}

using pipeline::test::made_product;

/// A report of these products, read back.
MemoryReport report_of(const std::vector<ProductMemory>& products, std::size_t memory_limit) {
  const pipeline::test::ScratchFolder folder;
  MemoryReportWriter writer(folder / "r.h5", {"1", "now", "", memory_limit, 1, 0});
  for (const ProductMemory& product : products) writer.append(product);
  writer.finish();
  return read_memory_report(folder / "r.h5");
}

TEST(MemoryOverTime, HasEverySampleAndABandAStep) {
  const auto chart = memory_over_time(report_of({made_product(0, "a", 1), made_product(1, "b", 1)}, Account::kUnlimited));
  ASSERT_TRUE(chart);
  EXPECT_EQ(chart->x.size(), 10U);
  EXPECT_EQ(chart->x[6], 10.5);
  EXPECT_EQ(chart->curves[0].values[6], 1000.0);
  EXPECT_EQ(chart->curves[1].values[6], 5 << 20);
  ASSERT_EQ(chart->bands.size(), 4U);
  EXPECT_EQ(chart->bands[3].label, "photom");
  EXPECT_EQ(chart->bands[3].from, 11.0);
  EXPECT_EQ(chart->bands[3].to, 11.5);
  ASSERT_EQ(chart->levels.size(), 1U);
  EXPECT_EQ(chart->levels[0].value, 64 << 20) << "the smallest of the steps";
}

TEST(MemoryOverTime, OfSeveralProcessesTheSumIsDrawn) {
  ProductMemory a = made_product(0, "a", 1), b = made_product(0, "b", 1);
  b.product = 1;
  b.process = 78;
  for (MemorySample& sample : b.samples) sample.time_s += 0.1;
  const auto chart = memory_over_time(report_of({a, b}, std::size_t{32} << 20));
  ASSERT_TRUE(chart);
  EXPECT_TRUE(std::is_sorted(chart->x.begin(), chart->x.end()));
  EXPECT_EQ(chart->curves[0].values.back(), 8000.0);
  EXPECT_TRUE(chart->bands.empty());
  ASSERT_EQ(chart->levels.size(), 1U);
  EXPECT_EQ(chart->levels[0].value, 32 << 20);
}

TEST(MemoryOverTime, OfManySamplesTheHighestAreDrawn) {
  ProductMemory product = made_product(0, "a", 1);
  product.samples.resize(3 * kMostSamplesDrawn, product.samples.back());
  product.samples[5000].live = 1 << 30;
  const auto chart = memory_over_time(report_of({product}, Account::kUnlimited));
  ASSERT_TRUE(chart);
  EXPECT_LE(chart->x.size(), kMostSamplesDrawn);
  EXPECT_EQ(*std::max_element(chart->curves[0].values.begin(), chart->curves[0].values.end()), 1 << 30);
}

TEST(MemoryOverTime, WithoutSamplesThereIsNone) { EXPECT_FALSE(memory_over_time(report_of({}, Account::kUnlimited))); }

TEST(MemoryOfSteps, WithoutStepsThereIsNone) { EXPECT_FALSE(memory_of_steps({{.name = "a"}})); }

}  // namespace
}  // namespace spec2::pipeline::html
