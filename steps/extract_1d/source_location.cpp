#include "steps/extract_1d/source_location.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "wcs/mapper.hpp"

namespace spec2::extract_1d {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Mean of the wavelengths of the middle column; NaN when it has none.
double middle_wavelength(const wcs::Mapper& forward, double column, std::size_t rows) {
  wcs::Scratch scratch;
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t y = 0; y < rows; ++y) {
    const double value = forward.point(scratch, {column, static_cast<double>(y)})[2];
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  return count > 0 ? sum / static_cast<double>(count) : kNaN;
}

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
};

/// Smallest and largest wavelength in the slit frame over the bounding box.
Range wavelength_range(const wcs::Arena& arena, const wcs::Wcs& slit_wcs) {
  const wcs::Mapper mapper = wcs::Mapper::between(arena, slit_wcs, "detector", "slit_frame");
  const wcs::PixelRange pixels = wcs::pixel_range(slit_wcs.bounding_box);
  wcs::Scratch scratch;
  std::vector<double> row(pixels.columns());
  const std::array<View2<double>, 3> out = {View2<double>(), View2<double>(), View2<double>(row.data(), 1, row.size())};
  Range range;
  for (std::int64_t y = pixels.y_first; y <= pixels.y_last; ++y) {
    mapper.grid(scratch, static_cast<double>(pixels.x_first), static_cast<double>(y), row.size(), 1, out);
    for (const double value : row) {
      if (std::isnan(value)) continue;
      range.low = std::min(range.low, value);
      range.high = std::max(range.high, value);
    }
  }
  return range;
}

/// y at each whole x from 0 on, on the lines between the points (x, y), continued beyond the ends.
std::vector<double> interpolate_line(std::vector<double> x, std::vector<double> y, std::size_t count) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  std::vector<double> out(count, kNaN);
  std::size_t i = 1;
  for (std::size_t k = 0; k < count; ++k) {
    const double at = static_cast<double>(k);
    while (i + 1 < order.size() && x[order[i]] < at) ++i;
    const double x0 = x[order[i - 1]], x1 = x[order[i]], y0 = y[order[i - 1]], y1 = y[order[i]];
    out[k] = y0 + (y1 - y0) / (x1 - x0) * (at - x0);
  }
  return out;
}

/// The row of the source in each column: its wavelengths sent from the slit to the image.
std::vector<double> source_trace(const wcs::Arena& arena, const wcs::Wcs& slit_wcs, std::size_t columns, double source_x,
                                 double source_y) {
  const auto count = static_cast<std::size_t>(slit_wcs.bounding_box.high[0] - slit_wcs.bounding_box.low[0]);
  const Range range = wavelength_range(arena, slit_wcs);
  std::vector<double> trace(columns, kNaN);
  if (count < 2 || !(range.low < range.high)) return trace;
  std::vector<double> xs(count, source_x), ys(count, source_y), waves(count), out_x(count), out_y(count);
  const double step = (range.high - range.low) / static_cast<double>(count - 1);
  for (std::size_t i = 0; i < count; ++i) waves[i] = range.low + step * static_cast<double>(i);
  waves.back() = range.high;
  const wcs::Mapper mapper = wcs::Mapper::between(arena, slit_wcs, "slit_frame", "detector");
  wcs::Scratch scratch;
  const std::array<const double*, 3> in = {xs.data(), ys.data(), waves.data()};
  const std::array<double*, 2> out = {out_x.data(), out_y.data()};
  mapper.points(scratch, in, out, count);
  const std::vector<double> rows = interpolate_line(std::move(out_x), std::move(out_y), count);
  const auto first = static_cast<std::size_t>(std::max(std::ceil(slit_wcs.bounding_box.low[0]), 0.0));
  for (std::size_t i = 0; i < count && first + i < columns; ++i) trace[first + i] = rows[i];
  return trace;
}

}  // namespace

std::optional<SourceLocation> source_location(const wcs::Arena& arena, const wcs::Wcs& slit_wcs, std::size_t columns,
                                              double source_x, double source_y) {
  const wcs::BoundingBox& box = slit_wcs.bounding_box;
  const double middle = (box.low[0] + box.high[0]) / 2.0;
  const double wavelength = middle_wavelength(wcs::Mapper::forward(arena, slit_wcs), middle,
                                              static_cast<std::size_t>(std::max(std::nearbyint(box.high[1]), 0.0)));
  const bool in_metres = wcs::has_frame(arena, slit_wcs, "gwa");
  wcs::Scratch scratch;
  const auto place = wcs::Mapper::between(arena, slit_wcs, "slit_frame", "detector")
                         .point(scratch, {source_x, source_y, in_metres ? wavelength * 1e-6 : wavelength});
  const double row = place[1];
  if (std::isnan(row) || row < box.low[1] || row > box.high[1]) return std::nullopt;
  SourceLocation location;
  location.middle_column = static_cast<std::size_t>(std::clamp(std::nearbyint(middle), 0.0, static_cast<double>(columns) - 1.0));
  location.row = row;
  location.trace = source_trace(arena, slit_wcs, columns, source_x, source_y);
  return location;
}

}  // namespace spec2::extract_1d
