#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace spec2 {

/// A cubic B-spline. Beyond its ends the outermost pieces go on.
class CubicSpline {
 public:
  CubicSpline(std::vector<double> knots, std::vector<double> coefficients);
  double operator()(double x) const;
  const std::vector<double>& knots() const noexcept { return knots_; }

 private:
  std::vector<double> knots_, coefficients_;
};

/// The four basis functions that are not zero in [knots[interval], knots[interval + 1]), at x.
std::array<double, 4> cubic_basis(std::span<const double> knots, std::size_t interval, double x);

/// Least-squares spline through points (x, y), x not falling, with the given knots (each end four times), by Givens rotations
/// of the observation matrix (Dierckx, Curve and Surface Fitting with Splines, 1993; what scipy.interpolate.make_lsq_spline
/// 1.17 does). Empty when there are too few points, when they lie outside the knots, or when a coefficient is not determined.
std::optional<CubicSpline> fit_cubic_spline(std::span<const double> x, std::span<const double> y, std::vector<double> knots);

}  // namespace spec2
