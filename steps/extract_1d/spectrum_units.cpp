#include "steps/extract_1d/spectrum_units.hpp"

#include <cmath>

#include "datamodels/dq.hpp"

namespace spec2::extract_1d {

Spectrum make_spectrum(const ColumnSums& sums, const std::vector<double>& wavelength, const ImageUnits& units) {
  constexpr double kJyPerMJy = 1e6;
  Spectrum spectrum;
  spectrum.flux_unit = units.calibrated ? "Jy" : "DN/s";
  spectrum.surf_bright_unit = units.calibrated ? "MJy/sr" : "DN/s";
  const bool is_flux = units.calibrated && units.point_source;  // MJy already
  const double to_flux = !units.calibrated ? 1.0 : is_flux ? kJyPerMJy : units.pixel_area_sr * kJyPerMJy;
  for (std::size_t x = 0; x < wavelength.size(); ++x) {
    if (!std::isfinite(wavelength[x])) continue;
    const double pixels = sums.npixels[x] > 0.0 ? sums.npixels[x] : 1.0;
    const double squared = pixels * pixels;
    spectrum.wavelength.push_back(wavelength[x]);
    spectrum.flux.push_back(sums.flux[x] * to_flux);
    spectrum.flux_var_poisson.push_back(sums.var_poisson[x] * to_flux * to_flux);
    spectrum.flux_var_rnoise.push_back(sums.var_rnoise[x] * to_flux * to_flux);
    spectrum.flux_var_flat.push_back(sums.var_flat[x] * to_flux * to_flux);
    spectrum.flux_error.push_back(
        std::sqrt(spectrum.flux_var_poisson.back() + spectrum.flux_var_rnoise.back() + spectrum.flux_var_flat.back()));
    // The brightness of a point source has no meaning.
    const double brightness = is_flux ? 0.0 : 1.0;
    spectrum.surf_bright.push_back(is_flux ? 0.0 : sums.flux[x] / pixels);
    spectrum.sb_var_poisson.push_back(brightness * sums.var_poisson[x] / squared);
    spectrum.sb_var_rnoise.push_back(brightness * sums.var_rnoise[x] / squared);
    spectrum.sb_var_flat.push_back(brightness * sums.var_flat[x] / squared);
    spectrum.sb_error.push_back(
        std::sqrt(spectrum.sb_var_poisson.back() + spectrum.sb_var_rnoise.back() + spectrum.sb_var_flat.back()));
    const double area = is_flux ? units.pixel_area_sr : 1.0;
    spectrum.background.push_back(sums.background[x] / pixels / area);
    spectrum.bkgd_var_poisson.push_back(sums.background_var_poisson[x] / squared / (area * area));
    spectrum.bkgd_var_rnoise.push_back(sums.background_var_rnoise[x] / squared / (area * area));
    spectrum.bkgd_var_flat.push_back(sums.background_var_flat[x] / squared / (area * area));
    spectrum.bkgd_error.push_back(
        std::sqrt(spectrum.bkgd_var_poisson.back() + spectrum.bkgd_var_rnoise.back() + spectrum.bkgd_var_flat.back()));
    spectrum.dq.push_back(std::isnan(sums.flux[x]) ? dq::kDoNotUse : 0u);
    spectrum.npixels.push_back(sums.npixels[x]);
  }
  return spectrum;
}

}  // namespace spec2::extract_1d
