#include "core/math/least_squares_spline.hpp"

#include <algorithm>
#include <cmath>

namespace spec2 {
namespace {

constexpr std::size_t kOrder = 4;

/// The interval of x among those between the end knots; the outermost ones for what lies beyond.
std::size_t interval_of(std::span<const double> knots, double x) {
  const std::size_t first = kOrder - 1, last = knots.size() - kOrder - 1;
  const auto above = std::upper_bound(knots.begin() + kOrder, knots.begin() + static_cast<std::ptrdiff_t>(last) + 1, x);
  return std::clamp(static_cast<std::size_t>(above - knots.begin()) - 1, first, last);
}

}  // namespace

CubicSpline::CubicSpline(std::vector<double> knots, std::vector<double> coefficients)
    : knots_(std::move(knots)), coefficients_(std::move(coefficients)) {}

double CubicSpline::operator()(double x) const {
  const std::size_t interval = interval_of(knots_, x);
  const auto basis = cubic_basis(knots_, interval, x);
  double value = 0.0;
  for (std::size_t i = 0; i < kOrder; ++i) value += basis[i] * coefficients_[interval - (kOrder - 1) + i];
  return value;
}

std::array<double, 4> cubic_basis(std::span<const double> knots, std::size_t interval, double x) {
  std::array<double, kOrder> basis{1.0, 0.0, 0.0, 0.0};
  for (std::size_t degree = 1; degree < kOrder; ++degree) {
    double carried = 0.0;
    for (std::size_t i = 0; i < degree; ++i) {
      const double right = knots[interval + 1 + i], left = knots[interval + 1 + i - degree];
      const double part = right == left ? 0.0 : basis[i] / (right - left);
      basis[i] = carried + part * (right - x);
      carried = part * (x - left);
    }
    basis[degree] = carried;
  }
  return basis;
}

std::optional<CubicSpline> fit_cubic_spline(std::span<const double> x, std::span<const double> y, std::vector<double> knots) {
  if (x.size() < kOrder || knots.size() < 2 * kOrder) return std::nullopt;
  const std::size_t count = knots.size() - kOrder;
  if (std::adjacent_find(knots.begin(), knots.end(), [](double a, double b) { return b < a; }) != knots.end()) {
    return std::nullopt;
  }
  if (x.front() < knots[kOrder - 1] || x.back() > knots[count]) return std::nullopt;
  std::vector<std::array<double, kOrder>> band(count, {0.0, 0.0, 0.0, 0.0});
  std::vector<double> rhs(count, 0.0);
  for (std::size_t p = 0; p < x.size(); ++p) {
    const std::size_t interval = interval_of(knots, x[p]);
    std::array<double, kOrder> row = cubic_basis(knots, interval, x[p]);
    double value = y[p];
    // Each rotation makes the row's first entry zero; the row then begins one column later.
    for (std::size_t i = 0; i < kOrder; ++i) {
      const double pivot = row[i];
      if (pivot == 0.0) continue;
      const std::size_t at = interval - (kOrder - 1) + i;
      // Entries of the basis are at most 1: no need of hypot, which takes half the time of a fit.
      const double length = std::sqrt(pivot * pivot + band[at][0] * band[at][0]);
      const double cosine = band[at][0] / length, sine = pivot / length;
      band[at][0] = length;
      for (std::size_t j = i + 1; j < kOrder; ++j) {
        const double upper = band[at][j - i];
        band[at][j - i] = cosine * upper + sine * row[j];
        row[j] = cosine * row[j] - sine * upper;
      }
      const double upper = rhs[at];
      rhs[at] = cosine * upper + sine * value;
      value = cosine * value - sine * upper;
    }
  }
  std::vector<double> coefficients(count);
  for (std::size_t i = count; i-- > 0;) {
    double sum = rhs[i];
    for (std::size_t j = 1; j < kOrder && i + j < count; ++j) sum -= band[i][j] * coefficients[i + j];
    coefficients[i] = sum / band[i][0];
    if (!std::isfinite(coefficients[i])) return std::nullopt;
  }
  return CubicSpline(std::move(knots), std::move(coefficients));
}

}  // namespace spec2
