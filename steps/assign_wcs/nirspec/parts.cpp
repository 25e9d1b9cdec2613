#include "steps/assign_wcs/nirspec/parts.hpp"

#include <limits>

#include "core/error.hpp"
#include "wcs/program.hpp"

namespace spec2::assign_wcs::nirspec {

using wcs::Arena;
using wcs::TransformId;

TransformId detector_to_sca(Arena& arena, const Setup& setup) {
  const TransformId to_full = arena.concatenate(arena.shift(setup.subarray_x_start - 1), arena.shift(setup.subarray_y_start - 1));
  if (setup.detector == "NRS1") return arena.compose(to_full, arena.identity(2));
  if (setup.detector != "NRS2") {
    throw Error(ErrorCause::data, fmt::format("the detector is '{}'", setup.detector), {.keyword = "DETECTOR"},
                "NIRSpec has NRS1 and NRS2");
  }
  const TransformId turned = arena.compose(arena.concatenate(arena.shift(-2047), arena.shift(-2047)),
                                           arena.concatenate(arena.scale(-1), arena.scale(-1)));
  return arena.compose(to_full, turned);
}

TransformId sca_to_gwa(Arena& arena, const Optics& optics) {
  const TransformId cosines = arena.plain(wcs::Kind::unitless_to_cosines);
  arena.set_name(cosines, "unitless2directional_cosines");
  return arena.compose({optics.fpa, optics.camera, cosines, gwa_rotation(arena, optics.disperser)});
}

TransformId collimator_to_gwa(Arena& arena, const Optics& optics) {
  const TransformId cosines = arena.plain(wcs::Kind::unitless_to_cosines);
  arena.set_name(cosines, "unitless2directional_cosines");
  return arena.compose({arena.inverse_of(optics.collimator), cosines, gwa_rotation(arena, optics.disperser)});
}

TransformId opening_to_plane(Arena& arena, const asdf::Opening& opening) {
  return arena.compose(arena.concatenate(arena.scale(opening.x_size), arena.scale(opening.y_size)),
                       arena.concatenate(arena.shift(opening.x_centre), arena.shift(opening.y_centre)));
}

TransformId slit_mask(Arena& arena, double ymin, double ymax) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const TransformId above = arena.logical(wcs::Condition::greater, ymax, kNan);
  const TransformId below = arena.logical(wcs::Condition::less, ymin, kNan);
  const TransformId zero_inside = arena.compose({above, below, arena.scale(0)});
  const auto sum = [&] { return arena.arithmetic(wcs::Kind::add, arena.mapping({0}, 2), arena.mapping({1})); };
  const TransformId mask = arena.compose({arena.mapping({0, 1, 2, 1}), arena.concatenate(arena.identity(3), zero_inside),
                                          arena.mapping({0, 1, 3, 2, 3}), arena.concatenate({arena.identity(1), sum(), sum()})});
  arena.set_inverse(mask, arena.identity(3));
  return mask;
}

TransformId table_along_slit(Arena& arena, TransformId to_gwa, double ymin, double ymax, const double* central_wavelength_m) {
  constexpr std::size_t kPoints = 1000;
  const double step = (ymax - ymin) / (kPoints - 1);
  std::vector<double> x(kPoints, 0.0), y(kPoints), lam(kPoints, central_wavelength_m ? *central_wavelength_m : 0.0),
      beta(kPoints);
  for (std::size_t i = 0; i < kPoints; ++i) y[i] = static_cast<double>(i) * step + ymin;
  y.back() = ymax;
  const double* const in[] = {x.data(), y.data(), lam.data()};
  double* const out[] = {nullptr, beta.data(), nullptr};
  wcs::Scratch scratch;
  wcs::Program(arena, to_gwa).run(scratch, {in, std::size_t{central_wavelength_m ? 3u : 2u}}, out, kPoints);
  const TransformId table = arena.tabular1d(beta, y, wcs::TabularBounds::fill, std::numeric_limits<double>::quiet_NaN());
  arena.set_name(table, "tabular");
  return table;
}

Dispersion dispersion(Arena& arena, const Optics& optics, const Setup& setup) {
  Dispersion result;
  result.angle = angle_from_disperser(arena, optics.disperser, setup, optics.range.order);
  result.wavelength = wavelength_from_disperser(arena, optics.disperser, setup, optics.range.order);
  if (setup.pointing.radial_velocity_m_s) {
    const TransformId correction = velocity_correction(arena, *setup.pointing.radial_velocity_m_s);
    result.wavelength = arena.compose(result.wavelength, correction);
    result.angle = arena.compose(arena.concatenate(arena.inverse_of(correction), arena.identity(3)), result.angle);
  }
  if (ends_at_msa(setup)) result.wavelength = arena.compose(result.wavelength, arena.scale(1e6));
  return result;
}

TransformId msa_to_oteip(Arena& arena, const Optics& optics, bool ifu) {
  const TransformId doubled = arena.mapping({0, 1, 2, 2});
  arena.set_name(doubled, "msa2fore_mapping");
  TransformId back;
  if (ifu) {
    back = arena.mapping({0, 1, 2, 2});
    arena.set_name(back, "fore2msa");
  } else {
    back = arena.identity(3);
  }
  arena.set_inverse(doubled, back);
  return arena.compose(doubled, arena.concatenate(optics.fore, arena.identity(1)));
}

TransformId oteip_to_v2v3(Arena& arena, const Optics& optics) {
  const TransformId pass = arena.identity(3);
  arena.set_name(pass, "fore2ote_mapping");
  arena.set_inverse(pass, arena.mapping({0, 1, 2, 2}));
  return arena.compose(pass, arena.concatenate(optics.ote, arena.scale(1e6)));
}

TransformId named_part(Arena& arena, TransformId transform, std::string_view name, std::initializer_list<std::string_view> inputs,
                       std::initializer_list<std::string_view> outputs) {
  arena.set_name(transform, name);
  arena.set_input_names(transform, inputs);
  arena.set_output_names(transform, outputs);
  return transform;
}

}  // namespace spec2::assign_wcs::nirspec
