#pragma once

#include <optional>
#include <span>

namespace spec2 {

struct GaussianFit {
  double mean;
  double sigma;
};

/// Least-squares fit of a Gaussian to the histogram of values: 2000 bins over `center` +- 4 `sigma`. Empty when the range is
/// not finite or the fit does not converge. Same result as jwst 3.0.0 background_level.clip_to_background with
/// fit_histogram, to about 1e-6 sigma (another minimiser).
std::optional<GaussianFit> fit_gaussian_to_histogram(std::span<const double> values, double center, double sigma);

}  // namespace spec2
