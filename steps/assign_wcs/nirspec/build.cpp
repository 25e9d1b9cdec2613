#include "steps/assign_wcs/nirspec/build.hpp"

#include <algorithm>

#include <fmt/ranges.h>

#include "core/error.hpp"
#include "steps/assign_wcs/nirspec/bounding_box.hpp"
#include "steps/assign_wcs/nirspec/ifu_pipeline.hpp"
#include "steps/assign_wcs/nirspec/slit_pipeline.hpp"
#include "steps/assign_wcs/nirspec/slits.hpp"
#include "wcs/mapper.hpp"

namespace spec2::assign_wcs::nirspec {

namespace {

std::vector<wcs::SlitDescription> find_open_slits(const asdf::MsaReference& msa_reference, const Setup& setup,
                                                  const std::optional<MsaConfiguration>& msa, const Log& log) {
  if (!uses_msa(setup)) return open_fixed_slits(setup);
  if (!msa) {
    throw Error(ErrorCause::data, fmt::format("{} exposures need an MSA metafile and none is named", setup.exp_type),
                {.keyword = "MSAMETFL"}, "Put the name of the _msa.fits file in MSAMETFL and the file beside the exposure");
  }
  std::vector<wcs::SlitDescription> slits =
      open_msa_slitlets(msa->metafile, msa->selection, setup, slit_scales(msa_reference), log);
  std::stable_sort(slits.begin(), slits.end(), [](const auto& a, const auto& b) { return a.quadrant < b.quadrant; });
  return slits;
}

// Shutters are numbered from 1 in their quadrant, fixed slits from 0.
std::vector<Aperture> apertures_of(wcs::Arena& arena, const asdf::MsaReference& msa,
                                   std::span<const wcs::SlitDescription> slits) {
  std::array<wcs::TransformId, 6> models;
  std::vector<Aperture> apertures;
  for (const wcs::SlitDescription& slit : slits) {
    const auto quadrant = static_cast<int>(slit.quadrant);
    if (quadrant < 1 || quadrant > kFixedSlitQuadrant) {
      throw Error(ErrorCause::data, fmt::format("slitlet {} lies in quadrant {}", slit.name, quadrant), {.hdu = "SHUTTER_INFO"},
                  "Quadrants of the MSA are 1 to 4");
    }
    wcs::TransformId& model = models[static_cast<std::size_t>(quadrant)];
    if (!model) model = msa.quadrant_model(quadrant, arena);
    const std::int64_t row = quadrant == kFixedSlitQuadrant ? slit.shutter_id : slit.shutter_id - 1;
    if (row < 0) {
      throw Error(ErrorCause::data, fmt::format("slitlet {} has shutter {}", slit.name, slit.shutter_id), {.hdu = "SHUTTER_INFO"},
                  "Shutters are numbered from 1");
    }
    apertures.push_back({msa.opening(quadrant, static_cast<std::size_t>(row)), model});
  }
  return apertures;
}

void find_boxes(wcs::Arena& arena, ExposureWcs& result, std::span<const wcs::SlitDescription> slits, const Parallel& parallel) {
  std::vector<wcs::Arena::SlitBox> boxes(slits.size());
  parallel.for_each(slits.size(), [&](std::size_t i) {
    const wcs::SlitDescription& slit = slits[i];
    wcs::Scratch scratch;
    const auto id = static_cast<double>(slit.slit_id);
    const wcs::Mapper to_slit = wcs::Mapper::between(arena, result.all, "detector", "slit_frame", id);
    const wcs::Mapper to_detector = wcs::Mapper::between(arena, result.all, "slit_frame", "detector", id);
    // The peer finds the boxes of slices with its default edges, whatever the parameters.
    const double low = slit.is_slice ? -0.55 : slit.ymin, high = slit.is_slice ? 0.55 : slit.ymax;
    boxes[i] = {id, slit_box(scratch, to_slit, to_detector, result.range, low, high)};
  });
  result.all.first_slit_box = arena.add_slit_boxes(boxes);
  result.all.slit_box_count = static_cast<std::uint32_t>(boxes.size());
}

}  // namespace

ExposureWcs build_wcs(wcs::Arena& arena, const ReferencePaths& paths, const Setup& setup,
                      const std::optional<MsaConfiguration>& msa, const Log& log, const Parallel& parallel) {
  ExposureWcs result;
  std::vector<wcs::SlitDescription> slits;
  if (is_ifu(setup)) check_ifu_on_detector(setup);
  ReferenceFiles files(paths, setup, parallel);
  const Optics optics = read_optics(arena, files, setup);
  result.range = optics.range;
  log.info("spectral order {}, wavelengths {} to {} m", optics.range.order, optics.range.low_m, optics.range.high_m);
  if (is_ifu(setup)) {
    result.all = ifu_wcs(arena, optics, setup);
    const wcs::TransformId selection = result.all.steps[wcs::frame_index(arena, result.all, "gwa")].transform;
    for (std::size_t i = 0; i < arena.slit_count(selection); ++i) slits.push_back(arena.slit(selection, i));
  } else {
    const asdf::MsaReference msa_reference(files.take("msa"));
    slits = find_open_slits(msa_reference, setup, msa, log);
    std::vector<Aperture> apertures = apertures_of(arena, msa_reference, slits);
    keep_slits_on_detector(arena, optics, setup, slits, apertures);
    if (slits.empty()) {
      throw Error(ErrorCause::no_data, fmt::format("no open slit falls on detector {}", setup.detector), {},
                  "Nothing can be calibrated; leave this exposure out of the association");
    }
    std::vector<std::string> names;
    for (const wcs::SlitDescription& slit : slits) names.push_back(slit.name);
    log.info("slits on {}: {}", setup.detector, fmt::join(names, " "));
    result.all = slits_wcs(arena, optics, setup, slits, apertures);
  }
  find_boxes(arena, result, slits, parallel);
  for (wcs::SlitDescription& slit : slits) {
    const wcs::Wcs one = one_slit_wcs(arena, result.all, static_cast<double>(slit.slit_id));
    result.slits.push_back({std::move(slit), one});
  }
  return result;
}

}  // namespace spec2::assign_wcs::nirspec
