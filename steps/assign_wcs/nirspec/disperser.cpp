#include "steps/assign_wcs/nirspec/disperser.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "core/error.hpp"
#include "wcs/kernels.hpp"

namespace spec2::assign_wcs::nirspec {

namespace {

double polynomial(std::span<const double> c, double x) {
  double sum = 0.0;
  for (auto term = c.rbegin(); term != c.rend(); ++term) sum = sum * x + *term;
  return sum;
}

double tilt_correction_deg(const asdf::TiltModel& model, double reading) {
  return 0.5 * (polynomial(model.coefficients, reading) - polynomial(model.coefficients, model.zero_readings.front())) / 3600.0;
}

bool is_prism(const Setup& setup) { return setup.grating == "PRISM"; }

double groove_density(const asdf::Disperser& disperser, const Setup& setup) {
  if (disperser.groove_density) return *disperser.groove_density;
  throw Error(ErrorCause::reference, fmt::format("the disperser file for {} has no groove density", setup.grating),
              {.keyword = "groovedensity"}, "Choose the disperser file of this grating (--override disperser=FILE)");
}

wcs::Arena::Prism prism_of(const asdf::Disperser& disperser, const Setup& setup) {
  if (!setup.gwa_temperature_k) {
    throw Error(ErrorCause::data, "the temperature of the prism is missing", {.keyword = "GWA_TILT"},
                "The refraction index of the PRISM depends on it; set GWA_TILT in the primary header");
  }
  wcs::Arena::Prism prism;
  prism.angle_deg = disperser.angle;
  prism.reference_temperature_k = disperser.reference_temperature;
  prism.reference_pressure_atm = disperser.reference_pressure;
  prism.temperature_k = *setup.gwa_temperature_k;
  prism.pressure_atm = disperser.reference_pressure;
  prism.k = disperser.kcoef;
  prism.l = disperser.lcoef;
  prism.t = disperser.tcoef;
  return prism;
}

}  // namespace

asdf::Disperser correct_tilt(asdf::Disperser disperser, const Setup& setup) {
  if (setup.gwa_x_tilt) disperser.theta_y += tilt_correction_deg(disperser.gwa_tiltx, *setup.gwa_x_tilt);
  if (setup.gwa_y_tilt) disperser.theta_x += tilt_correction_deg(disperser.gwa_tilty, *setup.gwa_y_tilt);
  return disperser;
}

SpectralRange spectral_range(const Setup& setup, std::span<const asdf::WavelengthRange> ranges) {
  const std::string wanted = (ends_at_msa(setup) ? setup.lamp_state : setup.filter) + "_" + setup.grating;
  const auto with_grating = [&](const asdf::WavelengthRange& row) {
    const std::size_t split = row.selector.find('_');
    if (split == std::string::npos) return false;
    const std::size_t end = row.selector.find('_', split + 1);
    return row.selector.substr(split + 1, end == std::string::npos ? end : end - split - 1) == setup.grating;
  };
  auto found = std::find_if(ranges.begin(), ranges.end(), [&](const auto& row) { return row.selector == wanted; });
  if (found == ranges.end()) found = std::find_if(ranges.begin(), ranges.end(), with_grating);
  if (found == ranges.end()) return {};
  return {found->order, found->low_m, found->high_m};
}

wcs::TransformId gwa_rotation(wcs::Arena& arena, const asdf::Disperser& disperser) {
  const double angles[] = {disperser.theta_x, disperser.theta_y, disperser.theta_z, disperser.tilt_y};
  const wcs::TransformId rotation = arena.rotation_to_gwa("xyzy", angles);
  arena.set_name(rotation, "rotation");
  return rotation;
}

wcs::TransformId angle_from_disperser(wcs::Arena& arena, const asdf::Disperser& disperser, const Setup& setup, int order) {
  if (is_prism(setup)) {
    const wcs::TransformId snell = arena.snell(prism_of(disperser, setup));
    arena.set_name(snell, "snell_law");
    return snell;
  }
  // gwcs takes alpha with the opposite sign.
  const wcs::TransformId equation = arena.grating_equation(wcs::Kind::grating_angles3d, groove_density(disperser, setup), order);
  arena.set_name(equation, "alpha_from_greq");
  const wcs::TransformId turned = arena.concatenate({arena.identity(1), arena.scale(-1.0), arena.identity(1)});
  return arena.compose({arena.mapping({0, 1, 2}, 4), turned, equation});
}

wcs::TransformId wavelength_from_disperser(wcs::Arena& arena, const asdf::Disperser& disperser, const Setup& setup, int order) {
  if (!is_prism(setup)) {
    const wcs::TransformId equation =
        arena.grating_equation(wcs::Kind::grating_wavelength, groove_density(disperser, setup), order);
    arena.set_name(equation, "lambda_from_gratingeq");
    return arena.compose({arena.mapping({0, 2}, 3), equation, arena.scale(-1.0)});
  }
  const wcs::Arena::Prism prism = prism_of(disperser, setup);
  const wcs::TransformId glass = arena.snell(prism);
  const std::vector<double> p(arena.parameters(glass).begin(), arena.parameters(glass).end());
  // numpy.arange(0.3, 8.005, 0.005): its step is the difference of the first two values.
  constexpr int kCount = 1542;
  constexpr double kFirst = 0.3, kStep = (0.3 + 0.005) - 0.3;
  std::vector<double> lam(kCount), index(kCount);
  for (int i = 0; i < kCount; ++i) {
    const double value = (kFirst + i * kStep) * 1e-6;
    lam[kCount - 1 - i] = value;
    index[kCount - 1 - i] = wcs::kernels::refraction_index(value, p.data());
  }
  const wcs::TransformId from_angles = arena.refraction_index_from_prism(disperser.angle);
  arena.set_name(from_angles, "n_prism");
  return arena.compose(from_angles,
                       arena.tabular1d(index, lam, wcs::TabularBounds::fill, std::numeric_limits<double>::quiet_NaN()));
}

}  // namespace spec2::assign_wcs::nirspec
