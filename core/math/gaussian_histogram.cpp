#include "core/math/gaussian_histogram.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>
#include <unsupported/Eigen/NonLinearOptimization>

namespace spec2 {
namespace {

constexpr int kBins = 2000;
constexpr double kRangeSigmas = 4.0;

/// Counts as numpy.histogram makes them: bins [a, b), the last one with its end.
struct Histogram {
  double low, width;
  Eigen::VectorXd counts = Eigen::VectorXd::Zero(kBins);
  double middle(Eigen::Index bin) const { return low + (static_cast<double>(bin) + 0.5) * width; }
};

Histogram make_histogram(std::span<const double> values, double low, double high) {
  Histogram histogram{low, (high - low) / kBins};
  for (const double value : values) {
    if (!(value >= low && value <= high)) continue;
    auto bin = std::min<Eigen::Index>(static_cast<Eigen::Index>((value - low) / histogram.width), kBins - 1);
    if (value < low + static_cast<double>(bin) * histogram.width) --bin;
    else if (bin < kBins - 1 && value >= low + static_cast<double>(bin + 1) * histogram.width) ++bin;
    histogram.counts[std::max<Eigen::Index>(bin, 0)] += 1.0;
  }
  return histogram;
}

/// Residuals of amplitude, mean and sigma, for the minimiser.
struct Residuals {
  const Histogram& histogram;

  int operator()(const Eigen::VectorXd& p, Eigen::VectorXd& out) const {
    for (Eigen::Index i = 0; i < kBins; ++i) {
      const double z = (histogram.middle(i) - p[1]) / p[2];
      out[i] = p[0] * std::exp(-0.5 * z * z) - histogram.counts[i];
    }
    return 0;
  }
  int df(const Eigen::VectorXd& p, Eigen::MatrixXd& out) const {
    for (Eigen::Index i = 0; i < kBins; ++i) {
      const double z = (histogram.middle(i) - p[1]) / p[2];
      const double shape = std::exp(-0.5 * z * z);
      out(i, 0) = shape;
      out(i, 1) = p[0] * shape * z / p[2];
      out(i, 2) = p[0] * shape * z * z / p[2];
    }
    return 0;
  }
  int inputs() const { return 3; }
  int values() const { return kBins; }
};

}  // namespace

std::optional<GaussianFit> fit_gaussian_to_histogram(std::span<const double> values, double center, double sigma) {
  const double low = center - kRangeSigmas * sigma, high = center + kRangeSigmas * sigma;
  if (!std::isfinite(low) || !std::isfinite(high) || !(high > low)) return std::nullopt;
  const Histogram histogram = make_histogram(values, low, high);
  Eigen::Index highest = 0;
  const double peak = histogram.counts.maxCoeff(&highest);
  Eigen::VectorXd parameters(3);
  parameters << peak, histogram.middle(highest), sigma;
  Residuals residuals{histogram};
  Eigen::LevenbergMarquardt<Residuals> minimiser(residuals);
  minimiser.parameters.ftol = minimiser.parameters.xtol = 1e-12;
  minimiser.parameters.maxfev = 300;
  const auto status = minimiser.minimize(parameters);
  if (status == Eigen::LevenbergMarquardtSpace::TooManyFunctionEvaluation || !parameters.allFinite()) return std::nullopt;
  return GaussianFit{parameters[1], std::abs(parameters[2])};
}

}  // namespace spec2
