#include "pipeline/html/charts.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace spec2::pipeline::html {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(SortByX, OrdersCurvesAndDropsPointsWithoutX) {
  Chart chart{.x = {3.0, std::nan(""), 1.0, 2.0}};
  chart.curves = {{.values = {30, 0, 10, 20}, .errors = {0.3, 0, 0.1, 0.2}}, {.values = {3, 0, 1, 2}}};
  sort_by_x(chart);
  EXPECT_THAT(chart.x, ElementsAre(1, 2, 3));
  EXPECT_THAT(chart.curves[0].values, ElementsAre(10, 20, 30));
  EXPECT_THAT(chart.curves[0].errors, ElementsAre(0.1, 0.2, 0.3));
  EXPECT_THAT(chart.curves[1].values, ElementsAre(1, 2, 3));
  EXPECT_TRUE(chart.curves[1].errors.empty());
}

TEST(ChartMarkup, HoldsTheDataAsJsonThatCannotEndItself) {
  Chart chart{.title = "<b>", .x_label = "</script><script>alert(1)</script>", .x = {1.0, 2.0}};
  chart.curves = {{.label = "flux", .values = {0.5, std::nan("")}, .errors = {0.1, 0.2}}};
  chart.bands = {{.label = "step", .from = 0.0, .to = 1.5}};
  chart.levels = {{.label = "budget", .value = 4.0}};
  const std::string markup = chart_markup(chart);
  EXPECT_THAT(markup, Not(HasSubstr("<b>")));
  const std::size_t first = markup.find('{'), end = markup.find("</script>");
  const auto data = nlohmann::json::parse(markup.substr(first, end - first));
  EXPECT_EQ(markup.substr(end), "</script></figure>\n");
  EXPECT_EQ(data["x_label"], chart.x_label);
  EXPECT_EQ(data["curves"][0]["values"][0], 0.5);
  EXPECT_TRUE(data["curves"][0]["values"][1].is_null());
  EXPECT_EQ(data["curves"][0]["errors"].size(), 2U);
  EXPECT_EQ(data["bands"][0]["to"], 1.5);
  EXPECT_EQ(data["levels"][0]["value"], 4.0);
}

}  // namespace
}  // namespace spec2::pipeline::html
