#pragma once

#include <algorithm>

namespace spec2::drizzle {

/// Signed area between a line from (x1, y1) to (x2, y2) and the x axis inside the unit square at the origin; negative when
/// the line runs towards lower x. Source: package drizzle 2.2.0, cdrizzlebox.c (sgarea).
inline double area_under_segment(double x1, double y1, double x2, double y2) {
  const double dx = x2 - x1, dy = y2 - y1;
  if (dx == 0.0) return 0.0;
  const double sign = dx < 0.0 ? -1.0 : 1.0;
  double x_low = dx < 0.0 ? x2 : x1;
  double x_high = dx < 0.0 ? x1 : x2;
  if (x_low >= 1.0 || x_high <= 0.0) return 0.0;
  x_low = std::max(x_low, 0.0);
  x_high = std::min(x_high, 1.0);
  const double slope = dy / dx;
  double y_low = y1 + slope * (x_low - x1);
  double y_high = y1 + slope * (x_high - x1);
  if (y_low <= 0.0 && y_high <= 0.0) return 0.0;
  if (y_low >= 1.0 && y_high >= 1.0) return sign * (x_high - x_low);

  // Only the part above the axis counts; the part above the square is a rectangle of height 1.
  const double det = x1 * y2 - y1 * x2;
  if (y_low < 0.0) {
    y_low = 0.0;
    x_low = det / dy;
  }
  if (y_high < 0.0) {
    y_high = 0.0;
    x_high = det / dy;
  }
  if (y_low <= 1.0) {
    if (y_high <= 1.0) return sign * 0.5 * (x_high - x_low) * (y_high + y_low);
    const double x_top = (dx + det) / dy;
    return sign * (0.5 * (x_top - x_low) * (1.0 + y_low) + x_high - x_top);
  }
  const double x_top = (dx + det) / dy;
  return sign * (0.5 * (x_high - x_top) * (1.0 + y_high) + x_top - x_low);
}

/// Area common to the quadrilateral with corners x[4], y[4] and the pixel centred on (column, row); negative when the
/// corners run counterclockwise.
inline double overlap_area(double column, double row, const double* x, const double* y) {
  const double left = column - 0.5, bottom = row - 0.5;
  double px[5], py[5];
  for (int i = 0; i < 4; ++i) {
    px[i] = x[i] - left;
    py[i] = y[i] - bottom;
  }
  px[4] = px[0];
  py[4] = py[0];
  double sum = 0.0;
  for (int i = 0; i < 4; ++i) sum += area_under_segment(px[i], py[i], px[i + 1], py[i + 1]);
  return sum;
}

}  // namespace spec2::drizzle
