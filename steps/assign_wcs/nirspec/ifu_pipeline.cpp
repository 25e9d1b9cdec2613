#include "steps/assign_wcs/nirspec/ifu_pipeline.hpp"

#include <vector>

#include "core/error.hpp"
#include "steps/assign_wcs/nirspec/frames.hpp"
#include "steps/assign_wcs/nirspec/parts.hpp"
#include "steps/assign_wcs/nirspec/slit_pipeline.hpp"

namespace spec2::assign_wcs::nirspec {

using wcs::Arena;
using wcs::Kind;
using wcs::TransformId;

namespace {

// Slicer to the entrance of the spectrograph: poly(x, y) + distortion(x, y) * wavelength behind a linear part
// (_create_ifupost_transform).
TransformId slicer_to_entrance(Arena& arena, const asdf::IfuPost& post) {
  const auto chromatic = [&](TransformId base, TransformId by_wavelength) {
    const TransformId constant = arena.compose(arena.mapping({0, 1}, 3), base);
    const TransformId slope = arena.compose(arena.mapping({0, 1}, 3), by_wavelength);
    const TransformId wavelength = arena.compose(arena.mapping({2}), arena.identity(1));
    return arena.arithmetic(Kind::add, constant, arena.arithmetic(Kind::multiply_by, slope, wavelength));
  };
  const TransformId in = arena.mapping({0, 1, 2, 0, 1, 2}), out = arena.identity(2);
  arena.set_name(in, "ifupost_inmap");
  arena.set_inverse(in, arena.identity(2));
  arena.set_name(out, "ifupost_outmap");
  arena.set_inverse(out, arena.mapping({0, 1, 2, 0, 1, 2}));
  const TransformId polynomials = arena.compose(
      {in, arena.concatenate(chromatic(post.x_polynomial, post.x_distortion), chromatic(post.y_polynomial, post.y_distortion)),
       out});
  return arena.compose(arena.concatenate(post.linear, arena.identity(1)), polynomials);
}

struct Common {
  TransformId from_collimator;
  Dispersion equations;
  double central_wavelength_m;
};

TransformId gwa_to_slice(Arena& arena, const Optics& optics, const Setup& setup, std::size_t slice, const Common& common) {
  const TransformId to_slicer = arena.compose(opening_to_plane(arena, optics.slicer.slices.at(slice)), optics.slicer.model);
  const TransformId to_entrance = slicer_to_entrance(arena, optics.ifu_post.at(slice));
  const TransformId to_gwa = arena.compose(
      {arena.concatenate(to_slicer, arena.constant(common.central_wavelength_m)), to_entrance, common.from_collimator});
  const TransformId along = table_along_slit(arena, to_gwa, setup.slit_y_low, setup.slit_y_high, &common.central_wavelength_m);
  const auto times = [&](double factor) {
    return arena.arithmetic(Kind::multiply_by, arena.constant(factor), arena.identity(1));
  };
  const TransformId forward = arena.compose(
      {arena.mapping({0, 1, 0, 1}, 3), arena.concatenate({times(0), times(-1), arena.identity(2)}),
       arena.concatenate({arena.identity(1), along, arena.identity(2)}), arena.mapping({0, 1, 0, 1, 1, 2, 3}),
       arena.concatenate({arena.identity(2), to_gwa, arena.identity(2)}), arena.mapping({0, 1, 2, 3, 5}, 7),
       arena.concatenate(arena.identity(2), common.equations.wavelength), slit_mask(arena, setup.slit_y_low, setup.slit_y_high)});
  const TransformId back_to_gwa =
      arena.compose({arena.concatenate(to_slicer, arena.identity(1)), to_entrance, common.from_collimator});
  arena.set_inverse(forward, arena.compose({arena.mapping({0, 1, 2, 2}), arena.concatenate(back_to_gwa, arena.identity(1)),
                                            arena.mapping({3, 0, 1, 2}), common.equations.angle}));
  return forward;
}

TransformId swapped_ids(Arena& arena) {
  const TransformId mapping = arena.mapping({0, 1, 3, 2});
  arena.set_inverse(mapping, arena.mapping({0, 1, 3, 2}));
  return mapping;
}

// Slicer plane to the MSA plane through the IFU's fore optics (slicer_to_msa).
TransformId slicer_to_msa(Arena& arena, const Optics& optics) {
  const TransformId doubled = arena.mapping({0, 1, 2, 2, 3});
  arena.set_inverse(doubled, arena.identity(4));
  return arena.compose(doubled, arena.concatenate(optics.ifu_fore, arena.identity(2)));
}

}  // namespace

void check_ifu_on_detector(const Setup& setup) {
  const bool medium = !setup.grating.empty() && setup.grating.back() == 'M';
  if (setup.detector != "NRS2" || !(medium || (setup.grating == "G140H" && setup.filter == "F070LP"))) return;
  throw Error(ErrorCause::no_data,
              fmt::format("no IFU slice falls on detector {} with {} and {}", setup.detector, setup.grating, setup.filter), {},
              "Nothing can be calibrated; leave this exposure out of the association");
}

wcs::Wcs ifu_wcs(Arena& arena, const Optics& optics, const Setup& setup) {
  const Frames frames = add_frames(arena);
  const double centre = 0.5 * (optics.range.high_m - optics.range.low_m) + optics.range.low_m;
  const Common common{collimator_to_gwa(arena, optics), dispersion(arena, optics, setup), centre};
  std::vector<wcs::SlitDescription> slices(kSlices);
  std::vector<TransformId> to_slice, to_slicer;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    slices[i].slit_id = static_cast<std::int64_t>(i);
    slices[i].is_slice = true;
    slices[i].ymin = setup.slit_y_low;
    slices[i].ymax = setup.slit_y_high;
    to_slice.push_back(gwa_to_slice(arena, optics, setup, i, common));
    const TransformId place = opening_to_plane(arena, optics.slicer.slices.at(i));
    arena.set_name(place, "slitdata_model");
    to_slicer.push_back(arena.compose(place, optics.slicer.model));
  }
  const TransformId gwa_to_slit = arena.slit_selection(Kind::gwa_to_slit, slices, to_slice);
  arena.set_name(gwa_to_slit, "gwa2slit");
  const TransformId slit_to_slicer =
      arena.compose(arena.concatenate(arena.slit_selection_like(Kind::slit_to_msa, gwa_to_slit, to_slicer), arena.identity(1)),
                    swapped_ids(arena));

  wcs::Wcs wcs;
  add_detector_frames(arena, wcs, frames, optics, setup);
  wcs::add_step(wcs, frames.gwa, gwa_to_slit);
  wcs::add_step(wcs, frames.slit_frame, named_part(arena, slit_to_slicer, "slit2slicer", {"name", "x_slit", "y_slit", "lam"},
                                                   {"x_slice", "y_slice", "lam", "name"}));
  wcs::add_step(wcs, frames.slicer,
                named_part(arena, slicer_to_msa(arena, optics), "slicer2msa", {"x_slice", "y_slice", "lam", "name"},
                           {"x_msa", "y_msa", "lam", "name"}));
  add_sky_frames(arena, wcs, frames, optics, setup, true);
  return wcs;
}

}  // namespace spec2::assign_wcs::nirspec
