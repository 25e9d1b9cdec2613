#include "steps/assign_wcs/nirspec/slit_pipeline.hpp"

#include "steps/assign_wcs/nirspec/bounding_box.hpp"
#include "steps/assign_wcs/nirspec/frames.hpp"
#include "steps/assign_wcs/nirspec/parts.hpp"
#include "wcs/mapper.hpp"

namespace spec2::assign_wcs::nirspec {

using wcs::Arena;
using wcs::TransformId;
using wcs::Wcs;

namespace {

// gwa -> slit_frame of one slit (gwa_to_slit): the place along the slit from beta, then the direction in which light from there
// meets the wheel, and the wavelength from both directions.
TransformId gwa_to_one_slit(Arena& arena, const wcs::SlitDescription& slit, const Aperture& aperture, TransformId from_collimator,
                            const Dispersion& equations) {
  const TransformId to_gwa =
      arena.compose(arena.compose(opening_to_plane(arena, aperture.opening), aperture.quadrant_model), from_collimator);
  const TransformId along = table_along_slit(arena, to_gwa, slit.ymin, slit.ymax, nullptr);
  const auto times = [&](double factor) {
    return arena.arithmetic(wcs::Kind::multiply_by, arena.constant(factor), arena.identity(1));
  };
  const TransformId forward = arena.compose(
      {arena.mapping({0, 1, 0, 1}, 3), arena.concatenate({times(0), times(-1), arena.identity(2)}),
       arena.concatenate({arena.identity(1), along, arena.identity(2)}), arena.mapping({0, 1, 0, 1, 2, 3}),
       arena.concatenate({arena.identity(2), to_gwa, arena.identity(2)}), arena.mapping({0, 1, 2, 3, 5}, 7),
       arena.concatenate(arena.identity(2), equations.wavelength), slit_mask(arena, slit.ymin, slit.ymax)});
  arena.set_inverse(forward,
                    arena.compose({arena.concatenate(to_gwa, arena.identity(1)), arena.mapping({3, 0, 1, 2}), equations.angle}));
  return forward;
}

TransformId swapped_ids(Arena& arena) {
  const TransformId mapping = arena.mapping({0, 1, 3, 2});
  arena.set_inverse(mapping, arena.mapping({0, 1, 3, 2}));
  return mapping;
}

}  // namespace

void add_sky_frames(Arena& arena, Wcs& wcs, const Frames& frames, const Optics& optics, const Setup& setup, bool ifu) {
  if (ends_at_msa(setup)) {
    wcs::add_step(wcs, frames.msa_frame, {});
    return;
  }
  const auto with_id = [&](TransformId part, int ids) { return arena.concatenate(part, arena.identity(ids)); };
  wcs::add_step(wcs, frames.msa_frame, named_part(arena, with_id(msa_to_oteip(arena, optics, ifu), 1), "msa2oteip",
                                                  {"x_msa", "y_msa", "lam", "name"}, {"x_ote", "y_ote", "lam", "name"}));
  if (ifu) {
    const TransformId chromatic = arena.copy(optics.chromatic);
    arena.set_inverse(chromatic, arena.concatenate(arena.inverse_of(optics.chromatic), arena.identity(1)));
    wcs::add_step(wcs, frames.oteip, named_part(arena, with_id(chromatic, 1), "chrom_corr", {"x_ote", "y_ote", "lam", "name"},
                                                {"x_ote", "y_ote", "lam", "name"}));
  }
  wcs::add_step(wcs, ifu ? frames.oteip_chromcorr : frames.oteip,
                named_part(arena, with_id(oteip_to_v2v3(arena, optics), 1), "oteip2v23", {"x_ote", "y_ote", "lam", "name"},
                           {"v2", "v3", "lam", "name"}));
  wcs::add_step(wcs, frames.v2v3, named_part(arena, with_id(velocity_aberration(arena, setup.pointing), 2), "va_corr",
                                             {"v2", "v3", "lam", "name"}, {"v2", "v3", "lam", "name"}));
  const TransformId to_sky = v2v3_to_sky(arena, setup.pointing);
  arena.set_name(to_sky, "v23tosky");
  wcs::add_step(wcs, frames.v2v3vacorr,
                named_part(arena, with_id(to_sky, 2), "v2v3_to_sky", {"v2", "v3", "lam", "name"}, {"ra", "dec", "lam", "name"}));
  wcs::add_step(wcs, frames.world, {});
}

Wcs slits_wcs(Arena& arena, const Optics& optics, const Setup& setup, std::span<const wcs::SlitDescription> slits,
              std::span<const Aperture> apertures) {
  const Frames frames = add_frames(arena);
  const Dispersion equations = dispersion(arena, optics, setup);
  const TransformId from_collimator = collimator_to_gwa(arena, optics);
  std::vector<TransformId> to_slit, to_msa;
  for (std::size_t i = 0; i < slits.size(); ++i) {
    to_slit.push_back(gwa_to_one_slit(arena, slits[i], apertures[i], from_collimator, equations));
    to_msa.push_back(arena.compose(opening_to_plane(arena, apertures[i].opening), apertures[i].quadrant_model));
  }
  const TransformId gwa_to_slit = arena.slit_selection(wcs::Kind::gwa_to_slit, slits, to_slit);
  arena.set_name(gwa_to_slit, "gwa2slit");
  const TransformId slit_to_msa =
      arena.compose(arena.concatenate(arena.slit_selection_like(wcs::Kind::slit_to_msa, gwa_to_slit, to_msa), arena.identity(1)),
                    swapped_ids(arena));

  Wcs wcs;
  add_detector_frames(arena, wcs, frames, optics, setup);
  wcs::add_step(wcs, frames.gwa, gwa_to_slit);
  wcs::add_step(wcs, frames.slit_frame, named_part(arena, slit_to_msa, "slit2msa", {"name", "x_slit", "y_slit", "lam"},
                                                   {"x_msa", "y_msa", "lam", "name"}));
  add_sky_frames(arena, wcs, frames, optics, setup, false);
  return wcs;
}

void add_detector_frames(Arena& arena, Wcs& wcs, const Frames& frames, const Optics& optics, const Setup& setup) {
  const TransformId to_sca = arena.concatenate(detector_to_sca(arena, setup), arena.identity(1));
  wcs::add_step(wcs, frames.detector, named_part(arena, to_sca, "dms2sca", {"x", "y", "name"}, {"x", "y", "name"}));
  const TransformId id_first = arena.mapping({3, 0, 1, 2});
  arena.set_inverse(id_first, arena.mapping({1, 2, 3, 0}));
  const TransformId to_gwa = arena.compose(arena.concatenate(sca_to_gwa(arena, optics), arena.identity(1)), id_first);
  wcs::add_step(wcs, frames.sca,
                named_part(arena, to_gwa, "det2gwa", {"x", "y", "name"}, {"name", "angle1", "angle2", "angle3"}));
}

void keep_slits_on_detector(Arena& arena, const Optics& optics, const Setup& setup, std::vector<wcs::SlitDescription>& slits,
                            std::vector<Aperture>& apertures) {
  // The check of the peer leaves the velocity correction out.
  const TransformId angle = angle_from_disperser(arena, optics.disperser, setup, optics.range.order);
  const TransformId from_collimator = collimator_to_gwa(arena, optics);
  const TransformId to_detector =
      arena.compose({arena.concatenate(from_collimator, arena.identity(1)), arena.mapping({3, 0, 1, 2}), angle,
                     arena.inverse_of(sca_to_gwa(arena, optics)), arena.inverse_of(detector_to_sca(arena, setup))});
  wcs::Scratch scratch;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < slits.size(); ++i) {
    const TransformId to_msa = arena.compose(opening_to_plane(arena, apertures[i].opening), apertures[i].quadrant_model);
    const wcs::Mapper mapper = wcs::Mapper::of(arena, arena.compose(arena.concatenate(to_msa, arena.identity(1)), to_detector));
    const wcs::BoundingBox box = trace_box(scratch, mapper, optics.range, slits[i].ymin, slits[i].ymax).box();
    const bool outside = box.low[0] >= 2048 || box.low[1] >= 2048 || box.high[0] <= 0 || box.high[1] <= 0 ||
                         box.high[0] - box.low[0] < 2 || box.high[1] - box.low[1] < 1;
    if (outside) continue;
    if (kept != i) {
      slits[kept] = std::move(slits[i]);
      apertures[kept] = apertures[i];
    }
    ++kept;
  }
  slits.resize(kept);
  apertures.resize(kept);
}

}  // namespace spec2::assign_wcs::nirspec
