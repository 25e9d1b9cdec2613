#include "steps/assign_wcs/assign_wcs_step.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "core/error.hpp"
#include "steps/assign_wcs/nirspec/build.hpp"
#include "steps/assign_wcs/nirspec/read_exposure_setup.hpp"
#include "steps/assign_wcs/nirspec/slice_map.hpp"

namespace spec2 {
namespace {

namespace nirspec = assign_wcs::nirspec;

/// In the order in which the peer asks for them, which is that of the R_ keywords.
constexpr std::array kReferenceTypes{"distortion", "filteroffset", "specwcs", "regions",  "wavelengthrange", "camera",
                                     "chromcorr",  "collimator",   "disperser", "fore",   "fpa",             "msa",
                                     "ote",        "ifupost",      "ifufore",   "ifuslicer"};

constexpr std::array kSpectralTypes{"NRS_FIXEDSLIT", "NRS_BRIGHTOBJ", "NRS_MSASPEC", "NRS_IFU",
                                    "NRS_LAMP",      "NRS_AUTOWAVE",  "NRS_AUTOFLAT"};
constexpr std::array kScienceTypes{"NRS_FIXEDSLIT", "NRS_BRIGHTOBJ", "NRS_MSASPEC", "NRS_IFU"};
constexpr std::array kLampModes{"FIXEDSLIT", "BRIGHTOBJ", "IFU", "MSASPEC"};

template <class List>
bool is_among(const List& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// Empty when the mode has a WCS; else why it has none.
std::string why_none(const nirspec::Setup& setup) {
  if (!is_among(kSpectralTypes, setup.exp_type)) return fmt::format("{} exposures are not supported", setup.exp_type);
  if (setup.grating == "MIRROR") return "GRATING is MIRROR: the exposure is an image";
  const bool needs_mode = setup.exp_type == "NRS_LAMP" || setup.exp_type == "NRS_AUTOWAVE";
  if (needs_mode && !is_among(kLampModes, setup.lamp_mode)) {
    return fmt::format("OPMODE is '{}', which has no WCS", setup.lamp_mode);
  }
  return {};
}

void describe_spectrum(Metadata& header, const nirspec::Setup& setup, const nirspec::SpectralRange& range) {
  if (is_among(kScienceTypes, setup.exp_type) || is_among(kLampModes, setup.lamp_mode)) {
    header.set("SPECSYS", "BARYCENT");
    header.set("DISPAXIS", 1);  // NIRSpec disperses along rows in all its modes
  }
  header.set("WAVSTART", range.low_m);
  header.set("WAVEND", range.high_m);
  header.set("SPORDER", range.order);
}

/// What extract_2d of the peer takes over from an open slit.
Slit slit_of(const nirspec::OpenSlit& open, const nirspec::Setup& setup) {
  const wcs::SlitDescription& from = open.description;
  Slit slit;
  slit.name = from.name;
  slit.shutter_id = static_cast<int>(from.shutter_id);
  slit.source_id = static_cast<int>(from.source_id);
  slit.slit_ymin = from.ymin;
  slit.slit_ymax = from.ymax;
  slit.wcs = open.wcs;
  if (!nirspec::uses_msa(setup)) {
    slit.has_source_position = !nirspec::is_lamp(setup);
    return slit;
  }
  slit.source_xpos = from.source_xpos;
  slit.source_ypos = from.source_ypos;
  slit.meta.set("SLITID", std::int64_t{from.numeric_name ? std::stoll(from.name) : from.shutter_id});
  slit.meta.set("SRCNAME", MetaValue(from.source_name));
  slit.meta.set("SRCALIAS", MetaValue(from.source_alias));
  slit.meta.set("STLARITY", from.stellarity);
  slit.meta.set("SHUTSTA", MetaValue(from.shutter_state));
  slit.meta.set("MSAQUAD", from.quadrant);
  slit.meta.set("SRCRA", from.source_ra);
  slit.meta.set("SRCDEC", from.source_dec);
  slit.meta.set("SLTXSCL", from.slit_xscale);
  slit.meta.set("SLTYSCL", from.slit_yscale);
  return slit;
}

}  // namespace

const StepInfo& AssignWcsStep::info() const {
  static constexpr StepInfo kInfo{"assign_wcs", "S_WCS", {}, {}};
  return kInfo;
}

MemoryEstimate AssignWcsStep::estimate(const ExposureShape& shape) const {
  return {.added = shape.wcs_bytes, .kept = shape.wcs_bytes};
}

StepResult AssignWcsStep::run(Exposure exposure, StepContext& context) const {
  nirspec::ReferencePaths paths;
  for (const char* type : kReferenceTypes) {
    if (const auto path = context.references.path(type)) paths[type] = *path;
  }
  nirspec::Setup setup = nirspec::read_exposure_setup(exposure.meta);
  setup.slit_y_low = config_.slit_y_low;
  setup.slit_y_high = config_.slit_y_high;
  if (std::string reason = why_none(setup); !reason.empty()) return skipped(std::move(exposure), std::move(reason));
  context.cancel.check();

  wcs::Arena& arena = *exposure.arena;
  std::optional<nirspec::MsaConfiguration> msa;
  if (nirspec::uses_msa(setup)) msa = nirspec::read_msa_configuration(exposure.meta);
  arena.reopen();
  const nirspec::ExposureWcs built = nirspec::build_wcs(arena, paths, setup, msa, context.log, context.parallel);
  exposure.wcs = built.all;
  if (setup.exp_type == "NRS_IFU") {
    const nirspec::SliceMap map = nirspec::map_slices(arena, built.all, context.parallel);
    if (const std::string region = nirspec::slice_footprint(map); !region.empty()) {
      exposure.meta.set("S_REGION", MetaValue(region));
    }
    if (!config_.nrs_ifu_slice_wcs) exposure.wcs = nirspec::coordinate_wcs(arena, built.all, map);
  }
  arena.freeze();

  describe_spectrum(exposure.meta, setup, built.range);
  const bool fixed_slits = !nirspec::is_ifu(setup) && !nirspec::uses_msa(setup) && setup.exp_type != "NRS_BRIGHTOBJ";
  if (fixed_slits) exposure.meta.set("FXD_SLIT", MetaValue(setup.primary_slit));
  if (nirspec::ends_at_msa(setup)) exposure.meta.erase("S_REGION");
  exposure.slits.clear();
  if (!nirspec::is_ifu(setup)) {
    for (const nirspec::OpenSlit& open : built.slits) exposure.slits.push_back(slit_of(open, setup));
  }
  return {std::move(exposure), StepStatus::complete, {}};
}

}  // namespace spec2
