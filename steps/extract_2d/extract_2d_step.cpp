#include "steps/extract_2d/extract_2d_step.hpp"

#include <algorithm>

#include "datamodels/exposure_type.hpp"
#include "datamodels/wavelengths.hpp"
#include "steps/extract_2d/cutout.hpp"

namespace spec2 {
namespace {

using extract_2d::PixelBox;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The slits the user asked for, in the order in which they are open; those asked for by name come first.
void select_slits(std::vector<Slit>& slits, const Extract2dConfig& config, const Log& log) {
  if (config.slit_names.empty() && config.source_ids.empty()) return;
  std::vector<std::string> open;
  for (const Slit& slit : slits) open.push_back(slit.name);
  for (const std::string& name : config.slit_names) {
    if (!contains(open, name)) log.warning("slit {} is not open; open slits are {}", name, fmt::join(open, " "));
  }
  std::vector<Slit> chosen;
  std::vector<bool> is_chosen(slits.size());
  for (const bool by_name : {true, false}) {
    for (std::size_t i = 0; i < slits.size(); ++i) {
      if (is_chosen[i]) continue;
      const bool wanted =
          by_name ? contains(config.slit_names, open[i]) : contains(config.source_ids, std::to_string(slits[i].source_id));
      if (!wanted) continue;
      chosen.push_back(std::move(slits[i]));
      is_chosen[i] = true;
    }
  }
  if (chosen.empty()) {
    throw Error(
        ErrorCause::user_input,
        fmt::format("none of the slits {}{} is open", fmt::join(config.slit_names, " "), fmt::join(config.source_ids, " ")),
        {.keyword = "slit_names"}, fmt::format("Open slits are {}", fmt::join(open, " ")));
  }
  slits = std::move(chosen);
}

/// Only the slit that holds the target has a source position; those of others must not come from stale metadata.
void place_source(Slit& slit, const Exposure& exposure, const std::string& exp_type, const Log& log) {
  if (exp_type != "NRS_FIXEDSLIT" && exp_type != "NRS_BRIGHTOBJ") return;
  slit.source_xpos = 0.0;
  slit.source_ypos = 0.0;
  if (exp_type == "NRS_FIXEDSLIT" && slit.name != exposure.meta.find_text("FXD_SLIT").value_or("")) return;
  if (!exposure.meta.find_real("XOFFSET") || !exposure.meta.find_real("YOFFSET")) {
    log.warning("XOFFSET or YOFFSET is missing; the source is taken to be in the centre of slit {}", slit.name);
    return;
  }
  const auto place = extract_2d::source_position(*exposure.arena, slit.wcs, exposure.meta);
  slit.source_xpos = place.x;
  slit.source_ypos = place.y;
}

/// The slits with their WCS and wavelengths, and where they are cut out: the same for all integrations.
struct Cutouts {
  std::vector<Slit> slits;
  std::vector<PixelBox> boxes;

  Cutouts clone(Account& account) const {
    Cutouts copy;
    for (const Slit& slit : slits) copy.slits.push_back(slit.clone(account));
    copy.boxes = boxes;
    return copy;
  }
};

void cut_planes(Slit& slit, const Planes& image, const PixelBox& box, Account& account) {
  slit.planes.sci = extract_2d::cut_plane(image.sci, box, account, "plane SCI");
  slit.planes.err = extract_2d::cut_plane(image.err, box, account, "plane ERR");
  slit.planes.dq = extract_2d::cut_plane(image.dq, box, account, "plane DQ");
  if (image.has(PlaneKind::var_poisson)) {
    slit.planes.var_poisson = extract_2d::cut_plane(image.var_poisson, box, account, "plane VAR_POISSON");
  }
  if (image.has(PlaneKind::var_rnoise)) {
    slit.planes.var_rnoise = extract_2d::cut_plane(image.var_rnoise, box, account, "plane VAR_RNOISE");
  }
}

/// Takes the open slits of the exposure, those that the user wants.
Cutouts make_cutouts(Exposure& exposure, const PlaneShape& image, const Extract2dConfig& config, Account& account,
                     StepContext& context) {
  const std::string exp_type = exposure.exp_type();
  Cutouts cutouts{std::move(exposure.slits), {}};
  select_slits(cutouts.slits, config, context.log);
  if (exp_type == "NRS_BRIGHTOBJ") cutouts.slits.resize(1);
  wcs::Arena& arena = *exposure.arena;
  arena.reopen();
  for (Slit& slit : cutouts.slits) {
    const PixelBox box = extract_2d::cutout_box(slit.wcs.bounding_box, image.rows, image.columns, slit.name);
    // The sizes are those of the slit also where the image ends before it, as the peer has them.
    const extract_2d::SlitSize size = extract_2d::slit_size(slit.wcs.bounding_box);
    slit.wcs = extract_2d::cutout_wcs(arena, slit.wcs, box);
    slit.xstart = static_cast<int>(box.x_low) + 1;
    slit.xsize = size.columns;
    slit.ystart = static_cast<int>(box.y_low) + 1;
    slit.ysize = size.rows;
    slit.planes.wavelength = make_unset_plane<float>(account, {1, box.rows(), box.columns()}, "plane WAVELENGTH");
    place_source(slit, exposure, exp_type, context.log);
    cutouts.boxes.push_back(box);
  }
  arena.freeze();

  // Slits differ much in size: rows are shared out, slit by slit.
  for (Slit& slit : cutouts.slits) fill_wavelengths(arena, slit.wcs, view2(slit.planes.wavelength), context.parallel);
  context.parallel.for_each(cutouts.slits.size(), [&](std::size_t i) {
    Slit& slit = cutouts.slits[i];
    if (wcs::has_frame(arena, slit.wcs, "world")) {
      const std::string region = extract_2d::slit_footprint(arena, slit.wcs, slit.slit_ymin, slit.slit_ymax);
      if (!region.empty()) slit.meta.set("S_REGION", region);
    }
  });
  return cutouts;
}

}  // namespace

const StepInfo& Extract2dStep::info() const {
  static constexpr StepInfo kInfo{"extract_2d", "S_EXTR2D",
                                  {PlaneKind::sci, PlaneKind::dq, PlaneKind::err, PlaneKind::var_poisson, PlaneKind::var_rnoise},
                                  {PlaneKind::wavelength}};
  return kInfo;
}

MemoryEstimate Extract2dStep::estimate(const ExposureShape& shape) const {
  constexpr std::size_t kCutPlanes = 5;
  MemoryEstimate estimate;
  for (const PlaneShape& slit : shape.slits) {
    const std::size_t wavelength = slit.rows * slit.columns * sizeof(float);
    if (shape.in_blocks) estimate.kept += wavelength;
    estimate.added += kCutPlanes * slit.size() * sizeof(float) + wavelength;
  }
  estimate.added += estimate.kept;
  // The whole image goes when its slits are cut out.
  estimate.released = kCutPlanes * shape.image.size() * sizeof(float);
  return estimate;
}

StepResult Extract2dStep::run(Exposure exposure, StepContext& context) const {
  const std::string exp_type = exposure.exp_type();
  if (exposure.meta.find_text("GRATING").value_or("") == "MIRROR") {
    return skipped(std::move(exposure), "GRATING is MIRROR: the exposure is an image");
  }
  if (exposure.slits.empty()) throw Error(ErrorCause::internal, "extract_2d needs the open slits that assign_wcs finds");

  const Planes image = std::move(exposure.planes);
  exposure.planes = Planes();
  Cutouts cutouts = context.prepare_copy<Cutouts>(
      0, [&](Account& account) { return make_cutouts(exposure, image.shape(), config_, account, context); });
  context.parallel.for_each(cutouts.slits.size(),
                            [&](std::size_t i) { cut_planes(cutouts.slits[i], image, cutouts.boxes[i], context.account); });
  exposure.slits = std::move(cutouts.slits);
  // As in the peer only a time series of several integrations keeps its table of times.
  if (!is_time_series(exposure.meta)) exposure.integration_times = {};
  exposure.kind = exp_type == "NRS_BRIGHTOBJ" ? ModelKind::slit : ModelKind::multi_slit;
  // A list of slits has no type of source of the whole exposure: in the peer an old SRCTYPE is lost here and not used by srctype.
  if (exposure.kind == ModelKind::multi_slit) exposure.meta.erase("SRCTYPE");
  return {std::move(exposure), StepStatus::complete, {}};
}

}  // namespace spec2
