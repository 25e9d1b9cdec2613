#include "steps/pathloss/pathloss_step.hpp"

#include <algorithm>
#include <cctype>

#include "datamodels/invalid_pixels.hpp"
#include "steps/pathloss/slit_loss.hpp"

namespace spec2 {
namespace {

/// Empty when there is none for the exposure.
ReferenceCache::Pin<PathlossReference> reference_of(References& references) {
  const auto path = references.path("pathloss");
  return path ? references.cache().get<PathlossReference>(*path, "", read_pathloss) : nullptr;
}

bool says_point(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text == "POINT";
}

/// False when the reference has nothing for this slit or the source lies outside it.
bool correct(Slit& slit, const PathlossReference& reference, const PathlossConfig& config, StepContext& context) {
  const PathlossReference::Aperture* const aperture = reference.find(slit.name);
  if (!aperture) {
    context.log.warning("the pathloss reference has no aperture {}; the slit stays uncorrected", slit.name);
    return false;
  }
  const auto point = pathloss::point_curve(*aperture, slit.source_xpos, slit.source_ypos);
  if (!point) {
    context.log.warning("the source lies outside slit {}; it stays uncorrected", slit.name);
    return false;
  }
  const bool is_point = config.source_type ? says_point(*config.source_type) : slit.source_type == SourceType::point;
  const FloatPlane& wavelength = slit.planes.wavelength;
  // A uniform source fills the slit, so its wavelengths are those from before the correction for a point source.
  const bool has_uniform = is_point && slit.planes.has(PlaneKind::wavelength_uniform);
  const PlaneShape shape = shape_of(wavelength);
  slit.planes.pathloss_point = make_plane<float>(context.account, shape, "plane PATHLOSS_PS");
  slit.planes.pathloss_uniform = make_plane<float>(context.account, shape, "plane PATHLOSS_UN");
  pathloss::fill_loss(*point, view2(wavelength), view2(slit.planes.pathloss_point));
  pathloss::fill_loss(pathloss::uniform_curve(*aperture), view2(has_uniform ? slit.planes.wavelength_uniform : wavelength),
                      view2(slit.planes.pathloss_uniform));
  const FloatPlane& loss = is_point ? slit.planes.pathloss_point : slit.planes.pathloss_uniform;
  pathloss::apply_loss(slit.planes, view2(loss), config.inverse);
  slit.meta.set("PTHLOSS", is_point ? "POINT" : "UNIFORM");
  match_invalid_pixels(slit.planes);
  return true;
}

}  // namespace

const StepInfo& PathlossStep::info() const {
  static constexpr StepInfo kInfo{"pathloss", "S_PTHLOS", {PlaneKind::wavelength},
                                  {PlaneKind::pathloss_point, PlaneKind::pathloss_uniform}};
  return kInfo;
}

MemoryEstimate PathlossStep::estimate(const ExposureShape& shape) const {
  constexpr std::size_t kReference = 450 << 10;  // the tables of all slits, which stay in the cache
  MemoryEstimate estimate{.added = kReference, .kept = kReference, .references = kReference};
  for (const PlaneShape& slit : shape.slits) estimate.added += 2 * slit.rows * slit.columns * sizeof(float);
  return estimate;
}

void PathlossStep::read_references(References& references) const { reference_of(references); }

StepResult PathlossStep::run(Exposure exposure, StepContext& context) const {
  const auto reference = reference_of(context.references);
  if (!reference) return skipped(std::move(exposure), "there is no pathloss reference for this exposure (N/A)");
  std::vector<char> corrected(exposure.slits.size(), 0);
  context.parallel.for_each(exposure.slits.size(), [&](std::size_t i) {
    corrected[i] = correct(exposure.slits[i], *reference, config_, context) ? 1 : 0;
  });
  if (std::none_of(corrected.begin(), corrected.end(), [](char done) { return done != 0; })) {
    return skipped(std::move(exposure), "no slit could be corrected");
  }
  return {std::move(exposure), StepStatus::complete, {}};
}

}  // namespace spec2
