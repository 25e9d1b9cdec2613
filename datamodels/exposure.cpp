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

Slit Slit::clone(Account& account) const {
  Slit copy;
  copy.name = name;
  copy.shutter_id = shutter_id;
  copy.xstart = xstart;
  copy.xsize = xsize;
  copy.ystart = ystart;
  copy.ysize = ysize;
  copy.source_id = source_id;
  copy.has_source_position = has_source_position;
  copy.source_xpos = source_xpos;
  copy.source_ypos = source_ypos;
  copy.slit_ymin = slit_ymin;
  copy.slit_ymax = slit_ymax;
  copy.source_type = source_type;
  copy.wavelength_corrected = wavelength_corrected;
  copy.meta = meta;
  copy.planes = planes.clone(account);
  copy.wcs = wcs;
  return copy;
}

Exposure Exposure::clone(Account& account) const {
  Exposure copy;
  copy.kind = kind;
  copy.data_axes = data_axes;
  copy.block = block;
  copy.meta = meta;
  copy.planes = planes.clone(account);
  copy.slits.reserve(slits.size());
  for (const Slit& slit : slits) copy.slits.push_back(slit.clone(account));
  copy.spectra = spectra;
  copy.integration_times = integration_times;
  copy.arena = arena;
  copy.wcs = wcs;
  return copy;
}

}  // namespace spec2
