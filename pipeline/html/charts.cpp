#include "pipeline/html/charts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "pipeline/html/markup.hpp"

namespace spec2::pipeline::html {
namespace {

// A wavelength to a millionth of a micron, a flux to more than a screen can show.
constexpr int kDigitsOfX = 8, kDigits = 5;

std::vector<double> picked(const std::vector<double>& values, const std::vector<std::size_t>& order) {
  std::vector<double> out;
  if (values.empty()) return out;
  out.reserve(order.size());
  for (const std::size_t i : order) out.push_back(values[i]);
  return out;
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += fmt::format("\"{}\":", name);
  append_json_text(out, text);
}

}  // namespace

void sort_by_x(Chart& chart) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < chart.x.size(); ++i) {
    if (std::isfinite(chart.x[i])) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&chart](std::size_t a, std::size_t b) { return chart.x[a] < chart.x[b]; });
  chart.x = picked(chart.x, order);
  for (Curve& curve : chart.curves) {
    curve.values = picked(curve.values, order);
    curve.errors = picked(curve.errors, order);
  }
}

std::string chart_markup(const Chart& chart) {
  std::string out = fmt::format("<figure class=\"chart\"><figcaption>{}</figcaption><script type=\"application/json\">{{",
                                escaped(chart.title));
  append_member(out, "x_label", chart.x_label);
  out += ',';
  append_member(out, "y_label", chart.y_label);
  out += ',';
  append_member(out, "y_kind", chart.y_kind);
  out += ",\"x\":";
  append_json_numbers(out, chart.x, kDigitsOfX);
  out += ",\"curves\":[";
  for (const Curve& curve : chart.curves) {
    if (&curve != &chart.curves.front()) out += ',';
    out += '{';
    append_member(out, "label", curve.label);
    out += curve.points ? ",\"points\":true" : "";
    out += ",\"values\":";
    append_json_numbers(out, curve.values, kDigits);
    if (!curve.errors.empty()) {
      out += ",\"errors\":";
      append_json_numbers(out, curve.errors, kDigits);
    }
    out += '}';
  }
  out += "],\"bands\":[";
  for (const Band& band : chart.bands) {
    if (&band != &chart.bands.front()) out += ',';
    out += '{';
    append_member(out, "label", band.label);
    out += ",\"from\":";
    append_json_number(out, band.from, kDigitsOfX);
    out += ",\"to\":";
    append_json_number(out, band.to, kDigitsOfX);
    out += '}';
  }
  out += "],\"levels\":[";
  for (const Level& level : chart.levels) {
    if (&level != &chart.levels.front()) out += ',';
    out += '{';
    append_member(out, "label", level.label);
    out += ",\"value\":";
    append_json_number(out, level.value, kDigitsOfX);
    out += '}';
  }
  return out + "]}</script></figure>\n";
}

}  // namespace spec2::pipeline::html
