#include "core/math/drizzle_reach.hpp"

#include <algorithm>
#include <array>
#include <cfloat>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

namespace spec2::drizzle {
namespace {

constexpr double kSamePoint = 1.0e-12;
constexpr double kNoArea = 1.0e3 * DBL_MIN;
/// Accuracy in pixels of the way back from output to input; limits are widened by it.
constexpr double kInversionError = 0.03;

struct Point {
  double x = 0.0;
  double y = 0.0;
};

double cross(Point a, Point b) { return a.x * b.y - a.y * b.x; }

/// A convex outline of at most eight corners: a quadrilateral cut by a rectangle has no more.
struct Outline {
  std::array<Point, 8> corner;
  int count = 0;

  Point& operator[](int i) { return corner[static_cast<std::size_t>(i)]; }
  const Point& operator[](int i) const { return corner[static_cast<std::size_t>(i)]; }
  int wrapped(int i) const { return (i + count) % count; }

  void append(Point point) {
    const auto same = [&](Point other) {
      return std::fabs(point.x - other.x) < kSamePoint && std::fabs(point.y - other.y) < kSamePoint;
    };
    if (count > 0 && (same((*this)[count - 1]) || same((*this)[0]))) return;
    if (count < static_cast<int>(corner.size())) (*this)[count++] = point;
  }
};

void orient_counterclockwise(Outline& outline) {
  if (outline.count < 3) return;
  Point middle;
  for (int k = 0; k < outline.count; ++k) {
    middle.x += outline[k].x;
    middle.y += outline[k].y;
  }
  middle.x /= outline.count;
  middle.y /= outline.count;
  const Point first{outline[0].x - middle.x, outline[0].y - middle.y};
  const Point second{outline[1].x - middle.x, outline[1].y - middle.y};
  if (cross(first, second) < 0.0) std::reverse(outline.corner.begin(), outline.corner.begin() + outline.count);
}

/// Leaves out corners on the line between their neighbours.
void drop_flat_corners(Outline& outline) {
  if (outline.count < 3) return;
  Outline kept;
  for (int k = 0; k < outline.count; ++k) {
    const Point before = outline[outline.wrapped(k - 1)], after = outline[outline.wrapped(k + 1)];
    const Point chord{after.x - before.x, after.y - before.y};
    const Point arm{outline[k].x - before.x, outline[k].y - before.y};
    if (std::fabs(cross(chord, arm)) > kNoArea && std::sqrt(chord.x * chord.x + chord.y * chord.y) > kSamePoint) {
      kept[kept.count++] = outline[k];
    }
  }
  outline = kept;
}

/// The part of `outline` left of the line from `from` to `to`.
Outline cut_by_line(const Outline& outline, Point from, Point to) {
  const auto inside = [&](Point p) { return cross(p, from) - cross(to, from) - cross(p, to) > 0.0; };
  const Point line{to.x - from.x, to.y - from.y};
  Outline kept;
  if (outline.count == 0) return kept;
  Point previous = outline[outline.count - 1];
  for (int k = 0; k < outline.count; ++k) {
    const Point point = outline[k];
    const Point edge{point.x - previous.x, point.y - previous.y};
    const bool was_inside = inside(previous), is_inside = inside(point);
    if (was_inside != is_inside) {
      const double d = cross(edge, line);
      const double along_edge = cross(point, previous), along_line = cross(to, from);
      const Point crossing{(along_edge * line.x - along_line * edge.x) / d, (along_edge * line.y - along_line * edge.y) / d};
      if (std::isfinite(crossing.x) && std::isfinite(crossing.y)) kept.append(crossing);
    }
    if (is_inside) kept.append(point);
    previous = point;
  }
  return kept;
}

/// Common part of two convex outlines (Sutherland and Hodgman).
Outline common_part(Outline outline, Outline window) {
  orient_counterclockwise(outline);
  orient_counterclockwise(window);
  Point from = window[window.count - 1];
  for (int k = 0; k < window.count; ++k) {
    outline = cut_by_line(outline, from, window[k]);
    from = window[k];
  }
  orient_counterclockwise(outline);
  drop_flat_corners(outline);
  return outline;
}

Outline rectangle(double x_low, double y_low, double x_high, double y_high) {
  Outline outline;
  outline.count = 4;
  outline[0] = {x_low, y_low};
  outline[1] = {x_high, y_low};
  outline[2] = {x_high, y_high};
  outline[3] = {x_low, y_high};
  return outline;
}

/// The input position of an output point, found by narrowing a box by the golden ratio; nothing where the map is NaN.
std::optional<Point> input_position(const PixelMap& map, const Section& section, Point target) {
  constexpr double kGolden = 0.6180339887498948482;
  constexpr int kIterations = 50;
  double x_low = static_cast<double>(section.x_first) - 0.5, x_high = static_cast<double>(section.x_last) + 0.5;
  double y_low = static_cast<double>(section.y_first) - 0.5, y_high = static_cast<double>(section.y_last) + 0.5;
  double dx = x_high - x_low, dy = y_high - y_low;
  int iteration = 0;
  while ((dx > kInversionError || dy > kInversionError) && iteration < kIterations) {
    ++iteration;
    const double x[2] = {x_high - kGolden * dx, x_low + kGolden * dx};
    const double y[2] = {y_high - kGolden * dy, y_low + kGolden * dy};
    double distance[2][2];
    for (int i = 0; i < 2; ++i) {
      for (int j = 0; j < 2; ++j) {
        Point there;
        if (!interpolate_map(map, x[i], y[j], there.x, there.y)) return {};
        const double ex = there.x - target.x, ey = there.y - target.y;
        distance[i][j] = ex * ex + ey * ey;
      }
    }
    const auto nearest = [&](int i, int j) {
      for (int a = 0; a < 2; ++a) {
        for (int b = 0; b < 2; ++b) {
          if ((a != i || b != j) && !(distance[i][j] < distance[a][b])) return false;
        }
      }
      return true;
    };
    const bool lower_x = nearest(0, 0) || nearest(0, 1);
    const bool lower_y = nearest(0, 0) || nearest(1, 0);
    (lower_x ? x_high : x_low) = lower_x ? x[1] : x[0];
    (lower_y ? y_high : y_low) = lower_y ? y[1] : y[0];
    dx = x_high - x_low;
    dy = y_high - y_low;
  }
  if (iteration == kIterations) return {};
  return Point{0.5 * (x_low + x_high), 0.5 * (y_low + y_high)};
}

/// The outline, in the input image, of what falls on the output image.
Outline reach_outline(const PixelMap& map, const Section& section, std::size_t rows, std::size_t columns) {
  Outline reach = rectangle(static_cast<double>(section.x_first) - 0.5, static_cast<double>(section.y_first) - 0.5,
                            static_cast<double>(section.x_last) + 0.5, static_cast<double>(section.y_last) + 0.5);
  Outline mapped = reach;
  for (int k = 0; k < 4; ++k) {
    if (!interpolate_map(map, reach[k].x, reach[k].y, mapped[k].x, mapped[k].y)) return reach;
  }
  const Outline common = common_part(
      mapped, rectangle(-0.5, -0.5, static_cast<double>(columns) - 0.5, static_cast<double>(rows) - 0.5));
  for (int k = 0; k < common.count; ++k) {
    const auto back = input_position(map, section, common[k]);
    if (!back) return reach;
    reach[k] = *back;
  }
  reach.count = common.count;
  orient_counterclockwise(reach);
  return reach;
}

/// One side of the outline: x = slope * y + offset, the offset moved inwards so that whole pixels fit.
struct Side {
  double y_end;
  double slope;
  double offset;
  double at(double y) const { return slope * y + offset; }
};

Side side_between(Point from, Point to, double direction) {
  const double slope = (to.x - from.x) / (to.y - from.y);
  const double offset = (from.x * to.y - from.y * to.x) / (to.y - from.y);
  return {to.y, slope, offset - std::copysign(0.5 + 0.5 * std::fabs(slope), direction)};
}

/// Walks down the rows of an outline and gives the columns inside.
class RowScanner {
 public:
  RowScanner(const Outline& outline, const Section& section) : section_(section) {
    int low_left = 0, high_right = 0;
    for (int k = 1; k < outline.count; ++k) {
      if (outline[k].y < outline[low_left].y) low_left = k;
      if (outline[k].y > outline[high_right].y) high_right = k;
    }
    y_low_ = outline[low_left].y;
    y_high_ = outline[high_right].y;
    // A flat bottom or top has two corners: the left and the right chain of sides begin or end at one each.
    int low_right = lower_neighbour(outline, low_left, 1.0);
    if (!(outline[low_right].y <= y_low_ * (1.0 + std::copysign(kSamePoint, y_low_)))) low_right = low_left;
    if (outline[low_left].x > outline[low_right].x) std::swap(low_left, low_right);
    int high_left = lower_neighbour(outline, high_right, -1.0);
    if (!(outline[high_left].y >= y_high_ * (1.0 - std::copysign(kSamePoint, y_high_)))) high_left = high_right;
    if (outline[high_left].x > outline[high_right].x) std::swap(high_left, high_right);

    if (high_left > low_left) low_left += outline.count;
    for (int k = low_left; k > high_left; --k) {
      left_.push_back(side_between(outline[k % outline.count], outline[(k - 1) % outline.count], -1.0));
    }
    if (high_right < low_right) high_right += outline.count;
    for (int k = low_right; k < high_right; ++k) {
      right_.push_back(side_between(outline[k % outline.count], outline[(k + 1) % outline.count], 1.0));
    }
  }

  std::int64_t first_row() const { return std::max<std::int64_t>(0, static_cast<int>(y_low_ + 0.5 + 2.0 * kInversionError)); }
  std::int64_t last_row() const {
    return std::min<std::int64_t>(section_.y_last, static_cast<int>(y_high_ + 2.0 * kInversionError));
  }
  bool ended() const { return ended_; }

  /// Rows must be asked for in rising order.
  RowReach row(std::int64_t row) {
    const double y = static_cast<double>(row), bottom = y - 0.5, top = y + 0.5;
    if (row > section_.y_last || top <= y_low_ || bottom >= y_high_ + 1.0) return {};
    if (ended_ || left_.empty() || right_.empty()) return end();
    const double x_first = static_cast<double>(section_.x_first), x_last = static_cast<double>(section_.x_last);
    if (!advance(left_, left_at_, bottom, 0.0) || !advance(right_, right_at_, bottom, 0.0)) return end();
    double low_left = std::max(left_[left_at_].at(y) - kInversionError, x_first);
    double low_right = std::min(right_[right_at_].at(y) + kInversionError, x_last);
    if (!advance(left_, left_at_, top, 0.5 + kInversionError) || !advance(right_, right_at_, top, 0.5 + kInversionError)) {
      return end();
    }
    const double high_left = std::max(left_[left_at_].at(y) - kInversionError, x_first);
    const double high_right = std::min(right_[right_at_].at(y) + kInversionError, x_last);
    if (high_left >= high_right) {
      if (low_left >= low_right) return {};
    } else if (low_left >= low_right) {
      low_left = high_left;
      low_right = high_right;
    } else {
      low_left = std::max(low_left, high_left);
      low_right = std::min(low_right, high_right);
    }
    return {static_cast<std::int64_t>(std::round(low_left)), static_cast<std::int64_t>(std::round(low_right))};
  }

 private:
  /// Of the two neighbours of a corner the one with the lower (sign 1) or higher (sign -1) y.
  static int lower_neighbour(const Outline& outline, int k, double sign) {
    const int before = outline.wrapped(k - 1), after = outline.wrapped(k + 1);
    return sign * outline[before].y < sign * outline[after].y ? before : after;
  }

  static bool advance(const std::vector<Side>& sides, std::size_t& at, double y, double margin) {
    while (y > sides[at].y_end + margin) {
      if (at + 1 == sides.size()) return false;
      ++at;
    }
    return true;
  }

  RowReach end() {
    ended_ = true;
    return {};
  }

  Section section_;
  std::vector<Side> left_, right_;
  std::size_t left_at_ = 0, right_at_ = 0;
  double y_low_ = 0.0, y_high_ = 0.0;
  bool ended_ = false;
};

}  // namespace

ColumnExtents::ColumnExtents(const PixelMap& map, std::int64_t bands, Account& account)
    : rows_(map.rows()), columns_(map.columns()), per_row_((columns_ + kBlock - 1) / kBlock) {
  if (bands < 2) return;
  constexpr std::size_t kLanes = 8;
  const auto count = static_cast<std::size_t>(rows_ * per_row_);
  blocks_ = Buffer<Extent>(account, count, "scratch drizzle extents", Buffer<Extent>::NotFilled{});
  Extent* extent = blocks_.data();
  for (std::int64_t row = 0; row < rows_; ++row) {
    const double* const x = map.x.row(static_cast<std::size_t>(row));
    for (std::int64_t block = 0; block < per_row_; ++block) {
      const auto first = static_cast<std::size_t>(std::max<std::int64_t>(block * kBlock - 1, 0));
      const auto last = static_cast<std::size_t>(std::min((block + 1) * kBlock, columns_ - 1));
      std::array<double, kLanes> low, high;
      low.fill(std::numeric_limits<double>::infinity());
      high.fill(-std::numeric_limits<double>::infinity());
      const auto widen = [&](std::size_t lane, double value) {  // NaN is neither below nor above
        low[lane] = value < low[lane] ? value : low[lane];
        high[lane] = value > high[lane] ? value : high[lane];
      };
      std::size_t i = first;
      for (; i + kLanes <= last + 1; i += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) widen(lane, x[i + lane]);
      }
      for (; i <= last; ++i) widen(0, x[i]);
      *extent++ = {*std::ranges::min_element(low), *std::ranges::max_element(high)};
    }
  }
}

bool interpolate_map(const PixelMap& map, double x_in, double y_in, double& x_out, double& y_out) {
  const std::int64_t column = std::clamp<std::int64_t>(static_cast<std::int64_t>(x_in), 0, map.columns() - 2);
  const std::int64_t row = std::clamp<std::int64_t>(static_cast<std::int64_t>(y_in), 0, map.rows() - 2);
  const double x = x_in - static_cast<double>(column), y = y_in - static_cast<double>(row);
  const double x1 = 1.0 - x, y1 = 1.0 - y;
  const auto between = [&](const View2<const double>& values) {
    const double* const low = values.row(static_cast<std::size_t>(row)) + column;
    const double* const high = values.row(static_cast<std::size_t>(row) + 1) + column;
    return low[0] * x1 * y1 + low[1] * x * y1 + high[0] * x1 * y + high[1] * x * y;
  };
  x_out = between(map.x);
  y_out = between(map.y);
  return !(std::isnan(x_out) || std::isnan(y_out));
}

bool shrink_section(const PixelMap& map, Section& section) {
  Section found{section.x_last + 1, section.x_first - 1, section.y_last + 1, section.y_first - 1};
  for (std::int64_t j = section.y_first; j <= section.y_last; ++j) {
    const double* const x = map.x.row(static_cast<std::size_t>(j));
    const double* const y = map.y.row(static_cast<std::size_t>(j));
    const auto valid = [&](std::int64_t i) { return !(std::isnan(x[i]) || std::isnan(y[i])); };
    std::int64_t first = section.x_first;
    while (first <= section.x_last && !valid(first)) ++first;
    if (first > section.x_last) continue;
    std::int64_t last = section.x_last;
    while (!valid(last)) --last;
    found.x_first = std::min(found.x_first, first);
    found.x_last = std::max(found.x_last, last);
    found.y_first = std::min(found.y_first, j);
    found.y_last = j;
  }
  if (found.x_first >= found.x_last || found.y_first >= found.y_last) return false;
  section = found;
  return true;
}

std::vector<RowReach> reach_of(const PixelMap& map, const Section& section, std::size_t rows, std::size_t columns) {
  std::vector<RowReach> reach(map.x.rows);
  const Outline outline = reach_outline(map, section, rows, columns);
  if (outline.count < 3) return reach;
  RowScanner scanner(outline, section);
  for (std::int64_t row = scanner.first_row(); row <= scanner.last_row() && !scanner.ended(); ++row) {
    reach[static_cast<std::size_t>(row)] = scanner.row(row);
  }
  return reach;
}

}  // namespace spec2::drizzle
