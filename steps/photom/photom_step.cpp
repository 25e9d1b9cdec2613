#include "steps/photom/photom_step.hpp"

#include <algorithm>
#include <cctype>

#include "datamodels/invalid_pixels.hpp"
#include "datamodels/references/area.hpp"
#include "steps/photom/flux_calibration.hpp"

namespace spec2 {
namespace {

struct Tables {
  ReferenceCache::Pin<PhotomReference> conversions;  ///< empty when there is none for the exposure
  ReferenceCache::Pin<SlitAreaReference> areas;      ///< the same
};

Tables tables_of(References& references) {
  const auto path = references.path("photom");
  const auto area_path = references.path("area");
  if (!path) return {};
  Tables tables{references.cache().get<PhotomReference>(*path, "", read_photom), {}};
  if (area_path) tables.areas = references.cache().get<SlitAreaReference>(*area_path, "", read_slit_area);
  return tables;
}

bool is_point(const Slit& slit, const PhotomConfig& config) {
  if (!config.source_type) return slit.source_type == SourceType::point;
  std::string text = *config.source_type;
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text == "POINT";
}

/// PIXAR_A2 and PIXAR_SR; 1 when the slit is not in the table, as the peer has it.
void set_pixel_area(Slit& slit, const SlitAreaReference* reference, const Log& log) {
  const auto area = reference ? reference->find(slit.name) : std::nullopt;
  if (!area) log.warning("slit {} is not in the area reference; its pixel area is set to 1", slit.name);
  slit.meta.set("PIXAR_SR", area ? *area * photom::kSteradianPerArcsec2 : 1.0);
  slit.meta.set("PIXAR_A2", area ? *area : 1.0);
}

/// The conversions of a slit with a point source, for it and for a uniform source, go into planes of their own: later
/// steps can undo one and apply the other. As in the peer the uniform one has no correction for time.
void keep_conversions(Slit& slit, const PhotomReference::Row& row, double conversion, Account& account) {
  const FloatPlane& wavelength = slit.planes.wavelength;
  const FloatPlane& uniform = slit.planes.has(PlaneKind::wavelength_uniform) ? slit.planes.wavelength_uniform : wavelength;
  const double scalar = row.photmj / static_cast<float>(slit.meta.real("PIXAR_SR"));
  slit.planes.photom_point = make_plane<float>(account, shape_of(wavelength), "plane PHOTOM_PS");
  slit.planes.photom_uniform = make_plane<float>(account, shape_of(wavelength), "plane PHOTOM_UN");
  photom::fill_conversion(row, conversion, view2(wavelength), view2(slit.planes.photom_point));
  photom::fill_conversion(row, scalar, view2(uniform), view2(slit.planes.photom_uniform));
}

/// Calibrates one slit; false when the table has no row for it.
bool calibrate(Slit& slit, const Metadata& header, const PhotomReference& reference, const std::string& slit_name,
               const PhotomConfig& config, const Log& log, Account& account) {
  const auto row = reference.find(header.text("FILTER"), header.text("GRATING"), slit_name);
  if (!row) {
    log.warning("the photom reference has no row for {} {} {}; the slit stays uncalibrated", header.text("FILTER"),
                header.text("GRATING"), slit_name);
    return false;
  }
  const bool point = is_point(slit, config);
  // The scalar factor stays float32 until the correction for time, as in the peer.
  float scalar = reference.rows[*row].photmj;
  if (!point) scalar /= static_cast<float>(slit.meta.real("PIXAR_SR"));
  double conversion = scalar;
  const auto mid_time = header.find_real("EXPMID");
  if (config.apply_time_correction && mid_time && reference.changes_with_time()) {
    const double correction = reference.time_correction(*row, *mid_time);
    if (correction != 1.0) conversion /= correction;
  }
  slit.meta.set("PHOTMJSR", conversion);
  slit.meta.set("PHOTUJA2", conversion * photom::kMicroJanskyPerArcsec2);
  if (header.text("EXP_TYPE") == "NRS_FIXEDSLIT" && slit.source_type == SourceType::point) {
    keep_conversions(slit, reference.rows[*row], conversion, account);
  }
  photom::apply_response(slit.planes, reference.rows[*row], conversion, config.inverse);
  slit.meta.set("BUNIT", config.inverse ? "DN/s" : point ? "MJy" : "MJy/sr");
  match_invalid_pixels(slit.planes);
  return true;
}

}  // namespace

const StepInfo& PhotomStep::info() const {
  static constexpr StepInfo kInfo{"photom", "S_PHOTOM", {PlaneKind::wavelength},
                                  {PlaneKind::photom_point, PlaneKind::photom_uniform}};
  return kInfo;
}

MemoryEstimate PhotomStep::estimate(const ExposureShape& shape) const {
  std::size_t largest = 0;
  for (const PlaneShape& slit : shape.slits) largest = std::max(largest, slit.rows * slit.columns);
  constexpr std::size_t kReference = 150 << 10;  // the conversion table, which stays in the cache
  const std::size_t planes = shape.exp_type == "NRS_FIXEDSLIT" ? 2 * largest * sizeof(float) : 0;
  return {.added = kReference + planes, .kept = kReference, .references = kReference};
}

void PhotomStep::read_references(References& references) const { tables_of(references); }

StepResult PhotomStep::run(Exposure exposure, StepContext& context) const {
  const auto [conversions, areas] = tables_of(context.references);
  if (!conversions) return skipped(std::move(exposure), "there is no photom reference for this exposure (N/A)");
  const std::string exp_type = exposure.exp_type();
  for (Slit& slit : exposure.slits) set_pixel_area(slit, areas.get(), context.log);
  context.parallel.for_each(exposure.slits.size(), [&](std::size_t i) {
    Slit& slit = exposure.slits[i];
    // Time series of bright objects always look through S1600A1.
    const std::string name = exp_type == "NRS_BRIGHTOBJ" ? "S1600A1" : exp_type == "NRS_FIXEDSLIT" ? slit.name : "";
    calibrate(slit, exposure.meta, *conversions, name, config_, context.log, context.account);
  });
  return {std::move(exposure), StepStatus::complete, {}};
}

}  // namespace spec2
