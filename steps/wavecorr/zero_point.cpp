#include "steps/wavecorr/zero_point.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace spec2::wavecorr {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The interval of `points` that holds `value`; the outermost ones reach on to infinity.
std::size_t interval(const std::vector<double>& points, double value) {
  const auto above = std::upper_bound(points.begin(), points.end(), value);
  const auto index = std::clamp<std::ptrdiff_t>(above - points.begin() - 1, 0, static_cast<std::ptrdiff_t>(points.size()) - 2);
  return static_cast<std::size_t>(index);
}

double bilinear(const WavecorrReference::Aperture& table, double wavelength, double position) {
  const std::size_t i = interval(table.wavelength_m, wavelength);
  const std::size_t j = interval(table.position, position);
  const double u = (wavelength - table.wavelength_m[i]) / (table.wavelength_m[i + 1] - table.wavelength_m[i]);
  const double v = (position - table.position[j]) / (table.position[j + 1] - table.position[j]);
  const auto at = [&](std::size_t row, std::size_t column) { return table.offset[row * table.position.size() + column]; };
  return at(i, j) * (1 - u) * (1 - v) + at(i, j + 1) * (1 - u) * v + at(i + 1, j) * u * (1 - v) + at(i + 1, j + 1) * u * v;
}

}  // namespace

std::vector<double> column_dispersion(const wcs::Mapper& mapper, std::size_t rows, std::size_t columns,
                                      const Parallel& parallel) {
  // The right edge of a pixel is the left edge of the next: one row of edges serves both. Rows are mapped a few at a time, in
  // parallel; their steps are summed in the order of rows.
  constexpr std::size_t kRowsAtOnce = 16;
  const std::size_t edge_count = columns + 1;
  std::vector<double> edges(kRowsAtOnce * edge_count);
  std::vector<double> sum(columns, 0.0);
  std::vector<std::size_t> count(columns, 0);
  for (std::size_t first = 0; first < rows; first += kRowsAtOnce) {
    const std::size_t at_once = std::min(kRowsAtOnce, rows - first);
    parallel.for_blocks(at_once, kRowsAtOnce / 4, [&](std::size_t begin, std::size_t end) {
      wcs::Scratch scratch;
      const std::array<View2<double>, 1> out = {View2<double>(edges.data() + begin * edge_count, end - begin, edge_count)};
      mapper.grid(scratch, -0.5, static_cast<double>(first + begin), edge_count, end - begin, out);
    });
    for (std::size_t y = 0; y < at_once; ++y) {
      const double* const row = edges.data() + y * edge_count;
      for (std::size_t x = 0; x < columns; ++x) {
        const double step = (row[x + 1] - row[x]) * 1e-6;
        if (std::isnan(step)) continue;
        sum[x] += step;
        ++count[x];
      }
    }
  }
  for (std::size_t x = 0; x < columns; ++x) sum[x] = count[x] > 0 ? sum[x] / static_cast<double>(count[x]) : kNaN;
  return sum;
}

std::vector<double> column_wavelength(View2<const float> wavelength_um) {
  std::vector<float> sum(wavelength_um.columns, 0.0f);
  std::vector<float> count(wavelength_um.columns, 0.0f);
  for (std::size_t y = 0; y < wavelength_um.rows; ++y) {
    const float* const row = wavelength_um.row(y);
    for (std::size_t x = 0; x < wavelength_um.columns; ++x) {
      const float metres = row[x] * 1e-6f;
      if (std::isnan(metres)) continue;
      sum[x] += metres;
      count[x] += 1.0f;
    }
  }
  std::vector<double> mean(wavelength_um.columns);
  for (std::size_t x = 0; x < mean.size(); ++x) mean[x] = count[x] > 0.0f ? static_cast<double>(sum[x] / count[x]) : kNaN;
  return mean;
}

std::optional<CorrectionTable> correction_table(const WavecorrReference::Aperture& aperture, double position,
                                                const std::vector<double>& wavelength_m,
                                                const std::vector<double>& dispersion_m) {
  CorrectionTable table;
  for (std::size_t x = 0; x < wavelength_m.size(); ++x) {
    if (std::isnan(wavelength_m[x]) || std::isnan(dispersion_m[x])) continue;
    table.wavelength.push_back(wavelength_m[x]);
    table.corrected.push_back(wavelength_m[x] + bilinear(aperture, wavelength_m[x], position) * dispersion_m[x]);
  }
  const auto rises = [](const std::vector<double>& values) {
    return std::adjacent_find(values.begin(), values.end(), [](double a, double b) { return !(b > a); }) == values.end();
  };
  if (table.wavelength.size() < 2 || !rises(table.corrected)) return std::nullopt;
  return table;
}

}  // namespace spec2::wavecorr
