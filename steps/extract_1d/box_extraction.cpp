#include "steps/extract_1d/box_extraction.hpp"

#include <cmath>
#include <limits>
#include <optional>

#include "core/error.hpp"
#include "core/processor_clones.hpp"
#include "steps/extract_1d/background.hpp"

namespace spec2::extract_1d {
namespace {

/// Adds one row to sums over columns, which never overlap.
SPEC2_CLONES void add_flux(const float* sci, const double* background, const double* weight, std::size_t columns, double* used,
                           double* flux, double* npixels, double* background_sum) {
#pragma GCC ivdep
  for (std::size_t x = 0; x < columns; ++x) {
    const double value = background ? sci[x] - background[x] : sci[x];
    const bool good = std::isfinite(value);
    const double w = good ? weight[x] : 0.0;
    used[x] = w;
    flux[x] += w != 0.0 ? value * w : 0.0;
    npixels[x] += w;
    if (background) background_sum[x] += background[x] * w;
  }
}

SPEC2_CLONES void add_variance(const float* variance, const double* weight, std::size_t columns, double* sum) {
#pragma GCC ivdep
  for (std::size_t x = 0; x < columns; ++x) {
    const double term = variance[x] * weight[x] * weight[x];
    sum[x] += std::isnan(term) ? 0.0 : term;
  }
}

void add_all(std::vector<double>& sums, const std::vector<double>& more) {
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += more[i];
}

void fill_scene(const ColumnSums& sums, const ExtractionPlan& plan, const ImageSet& image,
                const std::optional<FittedBackground>& background, View2<double> scene) {
  for (std::size_t y = 0; y < scene.rows; ++y) {
    for (std::size_t x = 0; x < scene.columns; ++x) {
      const double below = background ? background->image[y * scene.columns + x] : 0.0;
      const bool good = std::isfinite(image.sci(y, x) - below);
      const double source = sums.npixels[x] > 0.0 && good ? sums.flux[x] / sums.npixels[x] * plan.profile(y, x) : 0.0;
      scene(y, x) = below + source;
    }
  }
}

}  // namespace

ColumnSums extract_box(const ImageSet& image, const ExtractionPlan& plan, View2<double> scene) {
  const std::size_t rows = image.sci.rows, columns = image.sci.columns;
  if (plan.profile.rows != rows || plan.profile.columns != columns) {
    throw Error(ErrorCause::internal, "profile and image differ in shape");
  }
  ColumnSums sums;
  for (auto* column : {&sums.flux, &sums.var_rnoise, &sums.var_poisson, &sums.var_flat, &sums.background,
                       &sums.background_var_rnoise, &sums.background_var_poisson, &sums.background_var_flat, &sums.npixels}) {
    column->assign(columns, 0.0);
  }
  std::optional<FittedBackground> background;
  if (plan.fit != BackgroundFit::none && !plan.background_profile.empty()) background = fit_background(image, plan);
  std::vector<double> used(columns);
  for (std::size_t y = 0; y < rows; ++y) {
    add_flux(image.sci.row(y), background ? background->image.data() + y * columns : nullptr, plan.profile.row(y), columns,
             used.data(), sums.flux.data(), sums.npixels.data(), sums.background.data());
    if (!image.var_rnoise.empty()) add_variance(image.var_rnoise.row(y), used.data(), columns, sums.var_rnoise.data());
    if (!image.var_poisson.empty()) add_variance(image.var_poisson.row(y), used.data(), columns, sums.var_poisson.data());
    if (!image.var_flat.empty()) add_variance(image.var_flat.row(y), used.data(), columns, sums.var_flat.data());
  }
  if (background) {
    add_all(sums.var_rnoise, background->var_rnoise);
    add_all(sums.var_poisson, background->var_poisson);
    add_all(sums.var_flat, background->var_flat);
    sums.background_var_rnoise = background->var_rnoise;
    sums.background_var_poisson = background->var_poisson;
    sums.background_var_flat = background->var_flat;
    for (double& value : sums.background) value = std::isfinite(value) ? value : 0.0;
  }
  if (!scene.empty()) fill_scene(sums, plan, image, background, scene);
  constexpr double kNoPixels = 1e-8;
  for (std::size_t x = 0; x < columns; ++x) {
    if (std::abs(sums.npixels[x]) <= kNoPixels) sums.flux[x] = std::numeric_limits<double>::quiet_NaN();
  }
  return sums;
}

}  // namespace spec2::extract_1d
