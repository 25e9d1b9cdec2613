#include "pipeline/html/memory_section.hpp"

#include <algorithm>
#include <limits>

namespace spec2::pipeline::html {
namespace {

constexpr std::size_t kMostBands = 60;
constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

void add_point(Chart& chart, double time, std::size_t live, std::size_t resident) {
  chart.x.push_back(time);
  chart.curves[0].values.push_back(static_cast<double>(live));
  chart.curves[1].values.push_back(static_cast<double>(resident));
}

}  // namespace

std::optional<Chart> memory_of_steps(const std::vector<FoundProduct>& products) {
  Chart chart{.title = "Memory over the steps", .x_label = "seconds spent in steps", .y_label = "memory", .y_kind = "bytes"};
  chart.curves = {{.label = "live bytes of the data"}, {.label = "resident memory of the process"}};
  std::vector<Band> by_product;
  std::size_t budget = kUnlimited;
  double time = 0.0;
  for (const FoundProduct& product : products) {
    const double start = time;
    for (const StepUsage& step : product.steps) {
      add_point(chart, time, step.live_before, step.resident_before);
      add_point(chart, time + 0.5 * step.seconds, step.live_peak, step.resident_peak);
      add_point(chart, time + step.seconds, step.live_after, step.resident_after);
      chart.bands.push_back({step.step, time, time + step.seconds});
      budget = std::min(budget, step.budget);
      time += step.seconds;
    }
    by_product.push_back({product.name, start, time});
  }
  if (chart.x.empty()) return std::nullopt;
  if (chart.bands.size() > kMostBands) chart.bands = std::move(by_product);
  if (budget != kUnlimited && budget > 0) chart.levels.push_back({"budget", static_cast<double>(budget)});
  return chart;
}

std::string memory_section(const OutputFolder& folder, std::vector<std::string>&) {
  const std::optional<Chart> chart = memory_of_steps(folder.products);
  return chart ? "<h2 id=\"memory\">Memory</h2>\n" + chart_markup(*chart) : std::string();
}

}  // namespace spec2::pipeline::html
