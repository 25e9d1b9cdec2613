#include "core/math/drizzle.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include "core/math/drizzle_overlap.hpp"

namespace spec2::drizzle {
namespace {

/// Nearest pixel, halves away from zero; far values are held where they can still be compared with a grid.
std::int64_t nearest(double value) {
  constexpr double kFar = 1.0e15;
  return static_cast<std::int64_t>(std::round(std::clamp(value, -kFar, kFar)));
}

/// Nearest pixel to a value that is not negative, without a call to the library.
std::int64_t nearest_positive(double value) {
  const auto whole = static_cast<std::int64_t>(value);
  return whole + (value - static_cast<double>(whole) >= 0.5 ? 1 : 0);
}

/// Nearest pixel that is not before the first one.
std::int64_t nearest_inside(double value) { return value <= 0.0 ? 0 : nearest_positive(std::min(value, 1.0e15)); }

/// What one input pixel brings.
struct Source {
  Lanes values;
  float weight;
  std::uint32_t flags;
};

/// One call of add_image: the canvas with the input that is being laid on it.
class Painter {
 public:
  Painter(const PixelMap& map, const Image& image, const Settings& settings, ColumnBand band, const Canvas& canvas)
      : map_(map), image_(image), settings_(settings), canvas_(canvas), first_column_(band.first), last_column_(band.last - 1),
        last_row_(static_cast<std::int64_t>(canvas.weight.rows) - 1) {}

  Source source(std::int64_t row, std::int64_t column) const {
    const auto j = static_cast<std::size_t>(row), i = static_cast<std::size_t>(column);
    Source source{{}, image_.weight(j, i), image_.flags.empty() ? 0u : image_.flags(j, i)};
    for (std::size_t lane = 0; lane < image_.plane_count; ++lane) {
      source.values[lane] = image_.planes[lane](j, i) * settings_.intensity_scale;
    }
    return source;
  }

  /// Updates the weighted means of one output pixel. Products and quotient in single precision, as the package has them.
  void add(std::int64_t row, std::int64_t column, const Source& source, float weight) const {
    if (weight == 0.0f) return;
    const auto j = static_cast<std::size_t>(row), i = static_cast<std::size_t>(column);
    if (!canvas_.context.empty() && weight > 0.0f) canvas_.context(j, i) |= canvas_.context_bit;
    float& total = canvas_.weight(j, i);
    Lanes& mean = canvas_.values(j, i);
    if (total == 0.0f) {
      mean = source.values;
      total = weight;
      if (!canvas_.flags.empty()) canvas_.flags(j, i) = source.flags;
      return;
    }
    const float sum = total + weight;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      mean[lane] = (mean[lane] * total + weight * source.values[lane]) / sum;
    }
    total = sum;
    if (!canvas_.flags.empty()) canvas_.flags(j, i) |= source.flags;
  }

  void square(std::int64_t row, std::int64_t column) const;
  void point(std::int64_t row, std::int64_t column) const;
  void turbo(std::int64_t row, std::int64_t column) const;
  void gaussian(std::int64_t row, std::int64_t column) const;
  void lanczos(std::int64_t row, std::int64_t column, const std::vector<double>& table, double order) const;

 private:
  bool centre(std::int64_t row, std::int64_t column, double& x, double& y) const {
    x = map_.x(static_cast<std::size_t>(row), static_cast<std::size_t>(column));
    y = map_.y(static_cast<std::size_t>(row), static_cast<std::size_t>(column));
    return !(std::isnan(x) || std::isnan(y));
  }
  bool corners(std::int64_t row, std::int64_t column, double* x, double* y) const;

  PixelMap map_;
  const Image& image_;
  Settings settings_;
  const Canvas& canvas_;
  std::int64_t first_column_, last_column_;
  std::int64_t last_row_;
};

/// The output positions of the four corners of the (shrunken) pixel, clockwise in the input; false where the map ends.
bool Painter::corners(std::int64_t row, std::int64_t column, double* x, double* y) const {
  const double half = 0.5 * settings_.pixfrac;
  if (column > 0 && column < map_.columns() - 2 && row > 0 && row < map_.rows() - 2) {
    const double side = (1 - half) * half, corner = half * half, middle = (1 - half) * (1 - half);
    const double factor[3][3] = {{corner, side, corner}, {side, middle, side}, {corner, side, corner}};
    const auto lay = [&](const View2<const double>& values, double* out) {
      double f[3][3];
      for (int j = 0; j < 3; ++j) {
        const double* const line = values.row(static_cast<std::size_t>(row - 1 + j)) + (column - 1);
        for (int i = 0; i < 3; ++i) f[j][i] = line[i] * factor[j][i];
      }
      out[0] = f[1][0] + f[1][1] + f[2][0] + f[2][1];
      out[1] = f[1][1] + f[1][2] + f[2][1] + f[2][2];
      out[2] = f[0][1] + f[0][2] + f[1][1] + f[1][2];
      out[3] = f[0][0] + f[0][1] + f[1][0] + f[1][1];
    };
    lay(map_.x, x);
    lay(map_.y, y);
  } else {
    const double xi = static_cast<double>(column), yj = static_cast<double>(row);
    const double x_in[4] = {xi - half, xi + half, xi + half, xi - half};
    const double y_in[4] = {yj + half, yj + half, yj - half, yj - half};
    for (int k = 0; k < 4; ++k) {
      if (!interpolate_map(map_, x_in[k], y_in[k], x[k], y[k])) return false;
    }
  }
  double sum = 0.0;
  for (int k = 0; k < 4; ++k) sum += x[k] + y[k];
  if (!std::isnan(sum)) return true;
  for (int k = 0; k < 4; ++k) {
    if (std::isnan(x[k]) || std::isnan(y[k])) return false;
  }
  return true;
}

void Painter::square(std::int64_t row, std::int64_t column) const {
  if (image_.weight(static_cast<std::size_t>(row), static_cast<std::size_t>(column)) == 0.0f) return;
  double x[4], y[4];
  if (!corners(row, column, x, y)) return;
  const auto [x_low, x_high] = std::minmax({x[0], x[1], x[2], x[3]});
  const std::int64_t i_first = std::max(nearest_inside(x_low), first_column_);
  const std::int64_t i_last = std::min(nearest_inside(x_high), last_column_);
  if (i_first > i_last) return;
  const auto [y_low, y_high] = std::minmax({y[0], y[1], y[2], y[3]});
  const std::int64_t j_first = nearest_inside(y_low), j_last = std::min(nearest_inside(y_high), last_row_);

  const Source light = source(row, column);
  // The sign is that of the overlaps, which depends on how the corners run.
  const double area = 0.5 * ((x[1] - x[3]) * (y[0] - y[2]) - (x[0] - x[2]) * (y[1] - y[3]));
  const double density = static_cast<double>(light.weight) / area;
  for (std::int64_t j = j_first; j <= j_last; ++j) {
    for (std::int64_t i = i_first; i <= i_last; ++i) {
      const double overlap = overlap_area(static_cast<double>(i), static_cast<double>(j), x, y);
      if (overlap != 0.0) add(j, i, light, static_cast<float>(overlap * density));
    }
  }
}

void Painter::point(std::int64_t row, std::int64_t column) const {
  double x, y;
  if (!centre(row, column, x, y)) return;
  const std::int64_t i = nearest(x), j = nearest(y);
  if (i < first_column_ || i > last_column_ || j < 0 || j > last_row_) return;
  const Source light = source(row, column);
  add(j, i, light, light.weight);
}

void Painter::turbo(std::int64_t row, std::int64_t column) const {
  double x, y;
  if (!centre(row, column, x, y)) return;
  const double ratio = settings_.pixel_scale_ratio;
  const double half = settings_.pixfrac / ratio / 2.0;
  const double scale = 1.0 / (settings_.pixfrac * settings_.pixfrac) * ratio * ratio;
  const double x_low = x - half, x_high = x + half, y_low = y - half, y_high = y + half;
  const Source light = source(row, column);
  const std::int64_t j_last = std::min(nearest(y_high), last_row_), i_last = std::min(nearest(x_high), last_column_);
  for (std::int64_t j = std::max<std::int64_t>(nearest(y_low), 0); j <= j_last; ++j) {
    const double jj = static_cast<double>(j);
    const double dy = std::min(y_high, jj + 0.5) - std::max(y_low, jj - 0.5);
    for (std::int64_t i = std::max(nearest(x_low), first_column_); i <= i_last; ++i) {
      const double ii = static_cast<double>(i);
      const double dx = std::min(x_high, ii + 0.5) - std::max(x_low, ii - 0.5);
      if (dx > 0.0 && dy > 0.0) add(j, i, light, static_cast<float>(dx * dy * scale * light.weight));
    }
  }
}

void Painter::gaussian(std::int64_t row, std::int64_t column) const {
  constexpr double kWidth = 2.3548;  // full width at half maximum in standard deviations
  constexpr double kReach = 2.5;     // standard deviations
  double x, y;
  if (!centre(row, column, x, y)) return;
  const double ratio = settings_.pixel_scale_ratio;
  // Never less than 1.2 pixels, so that no holes are left.
  const double reach = std::max(kReach * settings_.pixfrac / kWidth / ratio, 1.2 / ratio);
  const double factor = kWidth * kWidth * ratio * ratio / (settings_.pixfrac * settings_.pixfrac) / 2.0;
  const double peak = factor / std::numbers::pi;
  const Source light = source(row, column);
  const std::int64_t j_last = std::min(nearest(y + reach), last_row_), i_last = std::min(nearest(x + reach), last_column_);
  for (std::int64_t j = std::max<std::int64_t>(nearest(y - reach), 0); j <= j_last; ++j) {
    const double dy = y - static_cast<double>(j);
    for (std::int64_t i = std::max(nearest(x - reach), first_column_); i <= i_last; ++i) {
      const double dx = x - static_cast<double>(i);
      const float share = static_cast<float>(peak * std::exp(-(dx * dx + dy * dy) * factor));
      add(j, i, light, share * light.weight);
    }
  }
}

constexpr double kTableStep = 0.003;

/// sin(pi x) sin(pi x / order) / (pi x)^2 * order at multiples of kTableStep.
std::vector<double> lanczos_table(double order) {
  std::vector<double> table(static_cast<std::size_t>(std::ceil(order / kTableStep)) + 1, 0.0);
  table[0] = 1.0;
  for (std::size_t i = 1; i < table.size(); ++i) {
    const double x = static_cast<double>(i) * kTableStep;
    if (x > order) continue;
    const double phase = std::numbers::pi * x, slow = phase / order;
    table[i] = std::sin(phase) * std::sin(slow) / (phase * slow);
  }
  return table;
}

void Painter::lanczos(std::int64_t row, std::int64_t column, const std::vector<double>& table, double order) const {
  double x, y;
  if (!centre(row, column, x, y)) return;
  const double ratio = settings_.pixel_scale_ratio;
  const double reach = order / ratio, steps = ratio / kTableStep;
  const Source light = source(row, column);
  const auto entry = [&](double at, std::int64_t pixel) {
    return nearest_positive(std::fabs((at - static_cast<double>(pixel)) * steps));
  };
  const auto size = static_cast<std::int64_t>(table.size());
  const auto below = [](double value) { return static_cast<std::int64_t>(std::floor(std::clamp(value, -1.0e15, 1.0e15))); };
  const std::int64_t j_last = std::min(below(y + reach), last_row_), i_last = std::min(below(x + reach), last_column_);
  for (std::int64_t j = std::max<std::int64_t>(below(y - reach) + 1, 0); j <= j_last; ++j) {
    const std::int64_t at_y = entry(y, j);
    for (std::int64_t i = std::max(below(x - reach) + 1, first_column_); i <= i_last; ++i) {
      const std::int64_t at_x = entry(x, i);
      if (at_x >= size || at_y >= size) continue;
      const double share = table[static_cast<std::size_t>(at_x)] * table[static_cast<std::size_t>(at_y)];
      add(j, i, light, static_cast<float>(share * light.weight));
    }
  }
}

template <class Paint>
void for_each_pixel(const Section& section, const std::vector<RowReach>& reach, Paint&& paint) {
  for (std::int64_t row = section.y_first; row <= section.y_last; ++row) {
    const RowReach columns = reach[static_cast<std::size_t>(row)];
    for (std::int64_t column = columns.first; column <= columns.last; ++column) paint(row, column);
  }
}

/// As for_each_pixel for the kernel that needs it most, without blocks of pixels that cannot touch the band.
template <class Paint>
void for_each_near_pixel(const Section& section, const std::vector<RowReach>& reach, const ColumnExtents& extents,
                         ColumnBand band, Paint&& paint) {
  for (std::int64_t row = section.y_first; row <= section.y_last; ++row) {
    const RowReach columns = reach[static_cast<std::size_t>(row)];
    for (std::int64_t column = columns.first; column <= columns.last;) {
      const std::int64_t last = std::min(ColumnExtents::last_of_block(column), columns.last);
      if (!extents.is_far(row, column, band)) {
        for (std::int64_t i = column; i <= last; ++i) paint(row, i);
      }
      column = last + 1;
    }
  }
}

}  // namespace

std::optional<Kernel> kernel_named(std::string_view name) {
  constexpr std::pair<std::string_view, Kernel> kKernels[] = {
      {"square", Kernel::square}, {"point", Kernel::point},       {"turbo", Kernel::turbo},
      {"gaussian", Kernel::gaussian}, {"lanczos2", Kernel::lanczos2}, {"lanczos3", Kernel::lanczos3}};
  for (const auto& [known, kernel] : kKernels) {
    if (known == name) return kernel;
  }
  return {};
}

void add_image(const PixelMap& map, const Image& image, const Section& section, const std::vector<RowReach>& reach,
               const ColumnExtents& extents, const Settings& settings, ColumnBand band, const Canvas& canvas) {
  constexpr double kSmallestPixfrac = 0.001;
  const Painter painter(map, image, settings, band, canvas);
  const auto with = [&](auto member) {
    for_each_pixel(section, reach, [&](std::int64_t row, std::int64_t column) { (painter.*member)(row, column); });
  };
  switch (settings.pixfrac <= kSmallestPixfrac ? Kernel::point : settings.kernel) {
    case Kernel::square:
      return for_each_near_pixel(section, reach, extents, band,
                                 [&](std::int64_t row, std::int64_t column) { painter.square(row, column); });
    case Kernel::point: return with(&Painter::point);
    case Kernel::turbo: return with(&Painter::turbo);
    case Kernel::gaussian: return with(&Painter::gaussian);
    case Kernel::lanczos2:
    case Kernel::lanczos3: {
      const double order = settings.kernel == Kernel::lanczos2 ? 2.0 : 3.0;
      const std::vector<double> table = lanczos_table(order);
      for_each_pixel(section, reach, [&](std::int64_t row, std::int64_t column) { painter.lanczos(row, column, table, order); });
      return;
    }
  }
}

void copy_lane(const Canvas& canvas, std::size_t lane, float fill, View2<float> plane) {
  for (std::size_t y = 0; y < plane.rows; ++y) {
    const Lanes* const values = canvas.values.row(y);
    const float* const weight = canvas.weight.row(y);
    float* const out = plane.row(y);
    for (std::size_t x = 0; x < plane.columns; ++x) out[x] = weight[x] == 0.0f ? fill : values[x][lane];
  }
}

}  // namespace spec2::drizzle
