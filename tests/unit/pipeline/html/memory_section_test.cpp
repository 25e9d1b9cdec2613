#include "pipeline/html/memory_section.hpp"

#include <gmock/gmock.h>

#include <limits>

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

TEST(MemoryOfSteps, WithoutStepsThereIsNone) { EXPECT_FALSE(memory_of_steps({{.name = "a"}})); }

}  // namespace
}  // namespace spec2::pipeline::html
