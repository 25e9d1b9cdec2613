#include "wcs/kernels_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "wcs/record.hpp"

namespace spec2::wcs::kernels {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Intervals of a rising or falling sequence. Neighbouring pixels mostly fall in the same interval or the next, so the last
// one is tried before a search.
class Intervals {
 public:
  Intervals(const double* points, std::size_t count)
      : points_(points), last_(count - 2), sign_(points[0] <= points[count - 1] ? 1.0 : -1.0) {}

  bool inside(double x) const {
    const double a = points_[0], b = points_[last_ + 1];
    return sign_ > 0.0 ? x >= a && x <= b : x <= a && x >= b;
  }

  /// The interval i with points[i] <= x < points[i + 1]; the first or last one for x outside.
  std::size_t find(double x) {
    if (holds(at_, x)) return at_;
    if (at_ < last_ && holds(at_ + 1, x)) return ++at_;
    if (at_ > 0 && holds(at_ - 1, x)) return --at_;
    std::size_t low = 0, high = last_ + 1;
    while (high - low > 1) {
      const std::size_t middle = (low + high) / 2;
      if (sign_ * points_[middle] <= sign_ * x) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return at_ = low;
  }

  double fraction(std::size_t i, double x) const { return (x - points_[i]) / (points_[i + 1] - points_[i]); }

 private:
  bool holds(std::size_t i, double x) const { return sign_ * points_[i] <= sign_ * x && sign_ * x < sign_ * points_[i + 1]; }

  const double* points_;
  std::size_t last_;
  double sign_;
  std::size_t at_ = 0;
};

struct Options {
  explicit Options(std::uint8_t option)
      : nearest((option & 1) != 0), bounds(static_cast<TabularBounds>(option / 2)) {}
  double outside(double fill) const { return bounds == TabularBounds::fill ? fill : kNan; }

  bool nearest;
  TabularBounds bounds;
};

}  // namespace

void table1d(std::uint8_t option, std::uint32_t size, const double* p, const double* x, double* out, std::size_t n) {
  const Options options(option);
  const double *points = p + 1, *values = points + size;
  Intervals intervals(points, size);
  for (std::size_t k = 0; k < n; ++k) {
    if (std::isnan(x[k])) {
      out[k] = kNan;
    } else if (options.bounds != TabularBounds::extrapolate && !intervals.inside(x[k])) {
      out[k] = options.outside(p[0]);
    } else {
      const std::size_t i = intervals.find(x[k]);
      const double w = intervals.fraction(i, x[k]);
      out[k] = options.nearest ? values[w <= 0.5 ? i : i + 1] : values[i] * (1.0 - w) + values[i + 1] * w;
    }
  }
}

void table2d(std::uint8_t option, std::uint32_t size, const double* p, const double* x, const double* y, double* out,
             std::size_t n) {
  const Options options(option);
  const std::size_t n0 = size % 65536, n1 = size / 65536;
  const double *points0 = p + 1, *points1 = points0 + n0, *values = points1 + n1;
  Intervals rows(points0, n0), columns(points1, n1);
  for (std::size_t k = 0; k < n; ++k) {
    if (std::isnan(x[k]) || std::isnan(y[k])) {
      out[k] = kNan;
    } else if (options.bounds != TabularBounds::extrapolate && !(rows.inside(x[k]) && columns.inside(y[k]))) {
      out[k] = options.outside(p[0]);
    } else {
      const std::size_t i = rows.find(x[k]), j = columns.find(y[k]);
      const double u = rows.fraction(i, x[k]), v = columns.fraction(j, y[k]);
      const double* low = values + i * n1 + j;
      const double* high = low + n1;
      out[k] = options.nearest
                   ? (u <= 0.5 ? low : high)[v <= 0.5 ? 0 : 1]
                   : low[0] * (1.0 - u) * (1.0 - v) + low[1] * (1.0 - u) * v + high[0] * u * (1.0 - v) + high[1] * u * v;
    }
  }
}

}  // namespace spec2::wcs::kernels
