#include "datamodels/exposure.hpp"

namespace spec2 {

std::string_view to_string(SourceType type) noexcept {
  switch (type) {
    case SourceType::point: return "POINT";
    case SourceType::extended: return "EXTENDED";
    case SourceType::unknown: return "UNKNOWN";
  }
  return "UNKNOWN";
}

std::string_view model_name(ModelKind kind) noexcept {
  switch (kind) {
    case ModelKind::image: return "ImageModel";
    case ModelKind::cube: return "CubeModel";
    case ModelKind::multi_slit: return "MultiSlitModel";
    case ModelKind::slit: return "SlitModel";
    case ModelKind::ifu_image: return "IFUImageModel";
    case ModelKind::multi_spec: return "MultiSpecModel";
    case ModelKind::tso_multi_spec: return "TSOMultiSpecModel";
  }
  return "";
}

void Exposure::charge_to(Account& account) {
  planes.charge_to(account);
  for (Slit& slit : slits) slit.planes.charge_to(account);
}

Exposure Exposure::clone(Account& account) const {
  Exposure copy;
  copy.kind = kind;
  copy.data_axes = data_axes;
  copy.meta = meta;
  copy.planes = planes.clone(account);
  copy.slits.reserve(slits.size());
  for (const Slit& slit : slits) {
    Slit& other = copy.slits.emplace_back();
    other.name = slit.name;
    other.shutter_id = slit.shutter_id;
    other.xstart = slit.xstart;
    other.xsize = slit.xsize;
    other.ystart = slit.ystart;
    other.ysize = slit.ysize;
    other.source_id = slit.source_id;
    other.has_source_position = slit.has_source_position;
    other.source_xpos = slit.source_xpos;
    other.source_ypos = slit.source_ypos;
    other.slit_ymin = slit.slit_ymin;
    other.slit_ymax = slit.slit_ymax;
    other.source_type = slit.source_type;
    other.wavelength_corrected = slit.wavelength_corrected;
    other.meta = slit.meta;
    other.planes = slit.planes.clone(account);
    other.wcs = slit.wcs;
  }
  copy.spectra = spectra;
  copy.integration_times = integration_times;
  copy.arena = arena;
  copy.wcs = wcs;
  return copy;
}

}  // namespace spec2
