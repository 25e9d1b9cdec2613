#include "pipeline/html/memory_section.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/memory_report/trial_reading.hpp"

namespace spec2::pipeline::html {
namespace {

constexpr std::size_t kMostBands = 60;
constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

void add_point(Chart& chart, double time, std::size_t live, std::size_t resident) {
  chart.x.push_back(time);
  chart.curves[0].values.push_back(static_cast<double>(live));
  chart.curves[1].values.push_back(static_cast<double>(resident));
}

struct Point {
  double time = 0.0;
  std::size_t live = 0, resident = 0;
};

/// The samples in the order of time; with several processes the sum of what each had last.
std::vector<Point> total_over_time(const MemoryReport& report, std::vector<ReportSample> samples) {
  std::stable_sort(samples.begin(), samples.end(),
                   [](const ReportSample& a, const ReportSample& b) { return a.time_s < b.time_s; });
  std::map<std::int64_t, Point> last;
  std::vector<Point> points;
  points.reserve(samples.size());
  for (const ReportSample& sample : samples) {
    Point& own = last[report.exposures()[sample.exposure].process];
    own.live = static_cast<std::size_t>(std::max<std::int64_t>(sample.live, 0));
    own.resident = static_cast<std::size_t>(std::max<std::int64_t>(sample.resident, 0));
    Point& sum = points.emplace_back();
    sum.time = sample.time_s;
    for (const auto& [process, point] : last) {
      sum.live += point.live;
      sum.resident += point.resident;
    }
  }
  return points;
}

/// In each piece of the points the one with the most live bytes.
std::vector<Point> thinned(std::vector<Point> points) {
  if (points.size() <= kMostSamplesDrawn) return points;
  const std::size_t piece = (points.size() + kMostSamplesDrawn - 1) / kMostSamplesDrawn;
  std::vector<Point> kept;
  for (std::size_t first = 0; first < points.size(); first += piece) {
    const auto begin = points.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = points.begin() + static_cast<std::ptrdiff_t>(std::min(first + piece, points.size()));
    kept.push_back(*std::max_element(begin, end, [](const Point& a, const Point& b) { return a.live < b.live; }));
  }
  return kept;
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

std::optional<Chart> memory_over_time(const MemoryReport& report) {
  const std::vector<Point> points = thinned(total_over_time(report, report.samples()));
  if (points.empty()) return std::nullopt;
  Chart chart{.title = "Memory over time", .x_label = "seconds since the run began", .y_label = "memory", .y_kind = "bytes"};
  chart.curves = {{.label = "live bytes of the data"}, {.label = "resident memory of the process"}};
  for (const Point& point : points) add_point(chart, point.time, point.live, point.resident);
  const auto& exposures = report.exposures();
  const bool is_one_process = std::all_of(exposures.begin(), exposures.end(), [&](const ReportExposure& each) {
    return each.process == exposures.front().process || each.process == 0;
  });
  if (!is_one_process) chart.title += " of all processes together";
  if (is_one_process && report.steps().size() <= kMostBands) {
    for (const ReportStep& step : report.steps()) chart.bands.push_back({step.name, step.began_s, step.began_s + step.seconds});
  } else if (is_one_process) {
    for (const ReportExposure& each : exposures) chart.bands.push_back({each.name, each.began_s, each.began_s + each.seconds});
  }
  std::int64_t budget = report.memory_limit();
  for (const ReportStep& step : report.steps()) {
    if (is_one_process && step.budget > 0 && (budget <= 0 || step.budget < budget)) budget = step.budget;
  }
  if (budget > 0) chart.levels.push_back({"budget", static_cast<double>(budget)});
  return chart;
}

std::string memory_section(const OutputFolder& folder, std::vector<std::string>& problems) {
  std::optional<Chart> chart;
  if (!folder.memory_report.empty()) {
    try {
      try_reading(folder.memory_report);
      chart = memory_over_time(read_memory_report(folder.memory_report));
    } catch (const Error& error) {
      problems.push_back(error.what());
    }
  }
  if (!chart) chart = memory_of_steps(folder.products);
  return chart ? "<h2 id=\"memory\">Memory</h2>\n" + chart_markup(*chart) : std::string();
}

}  // namespace spec2::pipeline::html
