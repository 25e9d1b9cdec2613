#pragma once

#include <optional>
#include <string>
#include <vector>

namespace spec2::pipeline::html {

/// A curve of a chart; NaN is a gap.
struct Curve {
  std::string label;
  std::vector<double> values;
  std::vector<double> errors;  ///< one standard deviation, drawn as a band; empty for none
  bool points = false;         ///< dots and no line
};

/// A part of the x axis with a name.
struct Band {
  std::string label;
  double from = 0.0, to = 0.0;
};

/// A horizontal line.
struct Level {
  std::string label;
  double value = 0.0;
};

/// What the viewer draws with uPlot.
struct Chart {
  std::string title;
  std::string x_label, y_label;
  std::string y_kind;       ///< "bytes" for sizes; empty: numbers, and single wild values do not set the range
  std::vector<double> x;    ///< ascending
  std::vector<Curve> curves;
  std::vector<Band> bands;
  std::vector<Level> levels;
};

/// Brings x into ascending order, the curves with it; points without x go.
void sort_by_x(Chart& chart);

/// A <figure> with the data of the chart as JSON.
std::string chart_markup(const Chart& chart);

}  // namespace spec2::pipeline::html
