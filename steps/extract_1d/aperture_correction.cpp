#include "steps/extract_1d/aperture_correction.hpp"

#include <algorithm>
#include <cmath>

#include "core/math/interpolation.hpp"

namespace spec2::extract_1d {
namespace {

constexpr double kPhase = 0.5;

bool rises(const std::vector<double>& values) {
  return std::adjacent_find(values.begin(), values.end(), [](double a, double b) { return !(b > a); }) == values.end();
}

/// Corrections at the phase: [size][wavelength]. Empty when the table does not cover it.
std::vector<double> at_phase(const SlitApcorrReference::Row& row) {
  const std::size_t phases = row.phase.size(), cells = row.sizes * row.wavelength.size();
  if (phases < 2 || !rises(row.phase) || kPhase < row.phase.front() || kPhase > row.phase.back()) return {};
  const std::size_t i = std::min(interval_index(row.phase, kPhase, 0), phases - 2);
  const double p = (kPhase - row.phase[i]) / (row.phase[i + 1] - row.phase[i]);
  std::vector<double> values(cells);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const double* const by_phase = row.correction.data() + cell * phases;
    values[cell] = by_phase[i] + (by_phase[i + 1] - by_phase[i]) * p;
  }
  return values;
}

}  // namespace

std::vector<double> correction_factors(const SlitApcorrReference::Row& row, double pixels_per_unit,
                                       const std::vector<double>& wavelength, const std::vector<double>& size) {
  std::vector<double> factors(wavelength.size(), 1.0);
  const std::vector<double> table = at_phase(row);
  const std::size_t waves = row.wavelength.size();
  if (table.empty() || waves < 2 || row.sizes < 2 || !rises(row.wavelength)) return factors;
  std::vector<double> sizes(row.sizes);
  std::size_t hint = 0;
  for (std::size_t k = 0; k < wavelength.size(); ++k) {
    const double at = wavelength[k];
    if (!(at >= row.wavelength.front() && at <= row.wavelength.back()) || std::isnan(size[k])) continue;
    const std::size_t w = std::min(interval_index(row.wavelength, at, hint), waves - 2);
    hint = w;
    const double u = (at - row.wavelength[w]) / (row.wavelength[w + 1] - row.wavelength[w]);
    for (std::size_t s = 0; s < row.sizes; ++s) {
      const double* const by_wave = row.size.data() + s * waves;
      sizes[s] = (by_wave[w] + (by_wave[w + 1] - by_wave[w]) * u) * pixels_per_unit;
    }
    if (!rises(sizes)) continue;
    const double wanted = std::clamp(size[k], sizes.front(), sizes.back());
    const std::size_t s = std::min(interval_index(sizes, wanted, 0), row.sizes - 2);
    const double v = (wanted - sizes[s]) / (sizes[s + 1] - sizes[s]);
    const auto value = [&](std::size_t i, std::size_t j) { return table[i * waves + j]; };
    const double factor =
        (1 - v) * ((1 - u) * value(s, w) + u * value(s, w + 1)) + v * ((1 - u) * value(s + 1, w) + u * value(s + 1, w + 1));
    if (factor != 0.0) factors[k] = factor;
  }
  return factors;
}

void apply_factors(Spectrum& spectrum, const std::vector<double>& factors) {
  for (std::vector<double>* column : {&spectrum.flux, &spectrum.flux_error, &spectrum.surf_bright, &spectrum.sb_error}) {
    for (std::size_t i = 0; i < factors.size(); ++i) (*column)[i] *= factors[i];
  }
  for (std::vector<double>* column : {&spectrum.flux_var_poisson, &spectrum.flux_var_rnoise, &spectrum.flux_var_flat,
                                      &spectrum.sb_var_poisson, &spectrum.sb_var_rnoise, &spectrum.sb_var_flat}) {
    for (std::size_t i = 0; i < factors.size(); ++i) (*column)[i] *= factors[i] * factors[i];
  }
}

}  // namespace spec2::extract_1d
