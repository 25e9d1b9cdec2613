#include "pipeline/html/spectra.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include <fmt/format.h>

#include "datamodels/dq.hpp"
#include "pipeline/html/preview.hpp"

namespace spec2::pipeline::html {
namespace {

constexpr const char* kTable = "EXTRACT1D";
constexpr std::size_t kRowsAtOnce = 16;
constexpr double kMinutesOfDay = 1440.0;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// One table of a product and what its charts share.
struct Table {
  io::FitsFile& file;
  int version;
  std::string label;
  std::size_t rows;
  std::size_t length;  ///< wavelengths of a row
  std::string flux_unit;

  std::vector<double> read(std::string_view column, std::size_t row, std::size_t count) const {
    return file.column_real(kTable, version, column, row, count);
  }
  std::string flux_label() const { return flux_unit.empty() ? "flux" : "flux [" + flux_unit + "]"; }
  std::string wavelength_label() const {
    const std::string unit = file.column(kTable, version, "WAVELENGTH").unit;
    return unit.empty() ? "wavelength" : "wavelength [" + unit + "]";
  }
};

double median(std::vector<double>& values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return kNan;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

Chart spectrum_chart(const Table& table) {
  Chart chart{.title = table.label, .x_label = table.wavelength_label(), .y_label = table.flux_label()};
  chart.x = table.read("WAVELENGTH", 0, table.rows);
  Curve curve{.label = "flux", .values = table.read("FLUX", 0, table.rows)};
  if (table.file.has_column(kTable, table.version, "FLUX_ERROR")) curve.errors = table.read("FLUX_ERROR", 0, table.rows);
  chart.curves.push_back(std::move(curve));
  sort_by_x(chart);
  return chart;
}

/// Spectrum by spectrum: the sum of the flux of good wavelengths.
void add_sums(const Table& table, Curve& curve) {
  const bool with_dq = table.file.has_column(kTable, table.version, "DQ");
  for (std::size_t first = 0; first < table.rows; first += kRowsAtOnce) {
    const std::size_t count = std::min(kRowsAtOnce, table.rows - first);
    const std::vector<double> flux = table.read("FLUX", first, count), errors = table.read("FLUX_ERROR", first, count);
    const std::vector<double> dq = with_dq ? table.read("DQ", first, count) : std::vector<double>(flux.size(), 0.0);
    for (std::size_t row = 0; row < count; ++row) {
      double sum = 0.0, variance = 0.0;
      std::size_t used = 0;
      for (std::size_t i = row * table.length; i < (row + 1) * table.length; ++i) {
        if (!std::isfinite(flux[i]) || (static_cast<std::uint32_t>(dq[i]) & dq::kDoNotUse) != 0) continue;
        sum += flux[i];
        variance += std::isfinite(errors[i]) ? errors[i] * errors[i] : 0.0;
        ++used;
      }
      curve.values.push_back(used > 0 ? sum : kNan);
      curve.errors.push_back(used > 0 ? std::sqrt(variance) : kNan);
    }
  }
}

/// Times of the integrations in minutes after the first, or their numbers.
void set_times(const Table& table, Chart& chart) {
  for (const char* const column : {"TDB-MID", "MJD-AVG"}) {
    if (!table.file.has_column(kTable, table.version, column)) continue;
    chart.x = table.read(column, 0, table.rows);
    if (!std::all_of(chart.x.begin(), chart.x.end(), [](double time) { return std::isfinite(time); })) continue;
    const double start = *std::min_element(chart.x.begin(), chart.x.end());
    for (double& time : chart.x) time = (time - start) * kMinutesOfDay;
    if (*std::max_element(chart.x.begin(), chart.x.end()) == 0.0) continue;
    chart.x_label = fmt::format("minutes after {} {:.6f}", column, start);
    return;
  }
  chart.x.resize(table.rows);
  std::iota(chart.x.begin(), chart.x.end(), 1.0);
  chart.x_label = "integration";
}

Chart light_curve(const Table& table) {
  Chart chart{.title = table.label + ": sum over wavelengths, by integration", .y_label = table.flux_label()};
  Curve curve{.label = "sum of flux", .points = true};
  add_sums(table, curve);
  chart.curves.push_back(std::move(curve));
  set_times(table, chart);
  sort_by_x(chart);
  return chart;
}

/// Rows spread evenly over the table, each once.
std::vector<std::size_t> spread_rows(std::size_t rows, std::size_t most) {
  std::vector<std::size_t> chosen;
  const std::size_t count = std::min(rows, most);
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(count == 1 ? 0 : i * (rows - 1) / (count - 1));
  return chosen;
}

Chart integrations_chart(const Table& table) {
  Chart chart{.x_label = table.wavelength_label(), .y_label = table.flux_label()};
  chart.x = table.read("WAVELENGTH", 0, 1);
  const std::vector<std::size_t> chosen = spread_rows(table.rows, kMostInMedian);
  std::vector<std::vector<double>> spectra, errors;
  for (const std::size_t row : chosen) {
    spectra.push_back(table.read("FLUX", row, 1));
    errors.push_back(table.read("FLUX_ERROR", row, 1));
  }
  Curve middle{.label = fmt::format("median of {}", chosen.size())};
  std::vector<double> values;
  for (std::size_t i = 0; i < table.length; ++i) {
    for (const bool of_errors : {false, true}) {
      values.clear();
      for (const auto& row : of_errors ? errors : spectra) values.push_back(row[i]);
      (of_errors ? middle.errors : middle.values).push_back(median(values));
    }
  }
  chart.curves.push_back(std::move(middle));
  for (const std::size_t place : spread_rows(chosen.size(), 3)) {
    chart.curves.push_back({.label = fmt::format("integration {}", chosen[place] + 1), .values = spectra[place]});
  }
  chart.title = fmt::format("{}: spectra of {} integrations; the errors are those of one", table.label, table.rows);
  sort_by_x(chart);
  return chart;
}

}  // namespace

std::vector<Chart> spectrum_charts(io::FitsFile& file, std::size_t most) {
  std::vector<Chart> charts;
  const std::size_t tables = std::min(file.count(kTable), most);
  for (std::size_t i = 1; i <= tables; ++i) {
    const int version = static_cast<int>(i);
    const io::TableColumn wavelength = file.column(kTable, version, "WAVELENGTH"), flux = file.column(kTable, version, "FLUX");
    const Table table{file, version, extension_label(file, kTable, version), file.info(kTable, version).rows, wavelength.repeat,
                      flux.unit};
    if (table.rows == 0 || flux.repeat != table.length) continue;
    if (table.length == 1) {
      charts.push_back(spectrum_chart(table));
    } else {
      charts.push_back(light_curve(table));
      charts.push_back(integrations_chart(table));
    }
  }
  return charts;
}

}  // namespace spec2::pipeline::html
