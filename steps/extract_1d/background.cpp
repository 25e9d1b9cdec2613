#include "steps/extract_1d/background.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Dense>

#include "core/math/sigma_clip.hpp"

namespace spec2::extract_1d {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double variance_at(View2<const float> plane, std::size_t y, std::size_t x) { return plane.empty() ? 0.0 : plane(y, x); }

double total_variance(const ImageSet& image, std::size_t y, std::size_t x) {
  const auto part = [&](View2<const float> plane) { return plane.empty() ? 0.0f : plane(y, x); };
  return part(image.var_rnoise) + part(image.var_poisson) + part(image.var_flat);
}

/// Sum of variance times squared weight over a column, without what is NaN.
double weighted_variance(View2<const float> plane, const std::vector<double>& weights, std::size_t x) {
  double sum = 0.0;
  for (std::size_t y = 0; y < weights.size(); ++y) {
    const double term = variance_at(plane, y, x) * weights[y] * weights[y];
    if (!std::isnan(term)) sum += term;
  }
  return sum;
}

/// One column of the image and its background pixels.
struct Column {
  std::vector<double> values;   ///< smoothed image
  std::vector<char> used;       ///< in the background region
};

void fit_median(const ImageSet& image, const ExtractionPlan& plan, std::size_t x, const Column& column,
                FittedBackground& fitted) {
  const std::size_t rows = image.sci.rows, columns = image.sci.columns;
  std::vector<double> work;
  std::vector<double> weights(rows, 0.0);
  double good = 0.0, aperture = 0.0;
  for (std::size_t y = 0; y < rows; ++y) {
    if (column.used[y] && !std::isnan(column.values[y])) work.push_back(column.values[y]);
    weights[y] = std::isfinite(image.sci(y, x)) && std::isfinite(total_variance(image, y, x)) && column.used[y] ? 1.0 : 0.0;
    good += weights[y];
    aperture += plan.profile(y, x);
  }
  const double median = median_of(work);
  for (std::size_t y = 0; y < rows; ++y) {
    fitted.image[y * columns + x] = median;
    weights[y] /= good;
  }
  // A median is noisier than a mean by about 1.2.
  const double scale = 1.2 * 1.2 * aperture * aperture;
  fitted.var_rnoise[x] = scale * weighted_variance(image.var_rnoise, weights, x);
  fitted.var_poisson[x] = scale * weighted_variance(image.var_poisson, weights, x);
  fitted.var_flat[x] = scale * weighted_variance(image.var_flat, weights, x);
}

void fit_polynomial(const ImageSet& image, const ExtractionPlan& plan, std::size_t x, const Column& column,
                    FittedBackground& fitted) {
  const std::size_t rows = image.sci.rows, columns = image.sci.columns;
  const Eigen::Index terms = plan.order + 1;
  const auto count = static_cast<Eigen::Index>(rows);
  Eigen::MatrixXd basis(count, terms);
  Eigen::VectorXd weight(count), target(count);
  for (Eigen::Index y = 0; y < count; ++y) {
    const double at = rows > 1 ? -1.0 + 2.0 * static_cast<double>(y) / static_cast<double>(rows - 1) : -1.0;
    basis(y, 0) = 1.0;
    for (Eigen::Index k = 1; k < terms; ++k) basis(y, k) = basis(y, k - 1) * at;
    const auto row = static_cast<std::size_t>(y);
    const bool pixel = column.used[row] && std::isfinite(column.values[row]) && std::isfinite(total_variance(image, row, x)) &&
                       std::isfinite(image.sci(row, x));
    weight(y) = pixel ? 1.0 : 0.0;
    target(y) = pixel ? column.values[row] : 0.0;
  }
  const Eigen::MatrixXd masked = weight.asDiagonal() * basis;
  const Eigen::MatrixXd matrix = masked.transpose() * masked;
  constexpr double kWorstCondition = 1e10;
  const auto singular = matrix.jacobiSvd().singularValues();
  const bool solvable = singular(terms - 1) > 0.0 && singular(0) / singular(terms - 1) < kWorstCondition;
  Eigen::MatrixXd inverse = Eigen::MatrixXd::Zero(terms, terms);
  if (solvable) inverse = matrix.inverse();
  const Eigen::VectorXd coefficients = inverse * (masked.transpose() * target);
  const Eigen::VectorXd model = basis * coefficients;
  Eigen::VectorXd over_aperture = Eigen::VectorXd::Zero(terms);
  for (Eigen::Index y = 0; y < count; ++y) {
    over_aperture += plan.profile(static_cast<std::size_t>(y), x) * basis.row(y).transpose();
    fitted.image[static_cast<std::size_t>(y) * columns + x] = model(y);
  }
  const Eigen::VectorXd pixel_weight = masked * (inverse * over_aperture);
  const std::vector<double> weights(pixel_weight.data(), pixel_weight.data() + count);
  fitted.var_rnoise[x] = weighted_variance(image.var_rnoise, weights, x);
  fitted.var_poisson[x] = weighted_variance(image.var_poisson, weights, x);
  fitted.var_flat[x] = weighted_variance(image.var_flat, weights, x);
}

}  // namespace

std::vector<double> smooth_rows(View2<const float> image, int length) {
  const std::ptrdiff_t half = length / 2;
  const auto columns = static_cast<std::ptrdiff_t>(image.columns);
  std::vector<double> out(image.rows * image.columns);
  for (std::size_t y = 0; y < image.rows; ++y) {
    const float* const row = image.row(y);
    for (std::ptrdiff_t x = 0; x < columns; ++x) {
      double sum = 0.0;
      int count = 0;
      for (std::ptrdiff_t k = x - half; k <= x + half; ++k) {
        const float value = row[std::clamp<std::ptrdiff_t>(k, 0, columns - 1)];
        if (std::isnan(value)) continue;
        sum += value;
        ++count;
      }
      out[y * image.columns + static_cast<std::size_t>(x)] = count > 0 ? sum / count : kNaN;
    }
  }
  return out;
}

FittedBackground fit_background(const ImageSet& image, const ExtractionPlan& plan) {
  const std::size_t rows = image.sci.rows, columns = image.sci.columns;
  FittedBackground fitted{std::vector<double>(rows * columns), std::vector<double>(columns), std::vector<double>(columns),
                          std::vector<double>(columns)};
  std::vector<double> smoothed;
  if (plan.smoothing_length > 1) smoothed = smooth_rows(image.sci, plan.smoothing_length);
  Column column{std::vector<double>(rows), std::vector<char>(rows)};
  for (std::size_t x = 0; x < columns; ++x) {
    for (std::size_t y = 0; y < rows; ++y) {
      column.values[y] = smoothed.empty() ? image.sci(y, x) : smoothed[y * columns + x];
      column.used[y] = plan.background_profile(y, x) != 0.0 ? 1 : 0;
    }
    if (plan.fit == BackgroundFit::median) fit_median(image, plan, x, column, fitted);
    else fit_polynomial(image, plan, x, column, fitted);
  }
  return fitted;
}

}  // namespace spec2::extract_1d
