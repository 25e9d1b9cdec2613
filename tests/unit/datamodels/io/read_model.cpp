#include "read_model.hpp"

#include <array>

#include "datamodels/io/fits_file.hpp"
#include "datamodels/io/read_exposure.hpp"
#include "datamodels/schema/keyword_table.hpp"

namespace spec2::test {
namespace {

PlaneShape shape_in(const io::HduInfo& info) {
  const auto& axes = info.shape;
  return {axes.size() == 3 ? axes[0] : 1, axes[axes.size() - 2], axes[axes.size() - 1]};
}

template <class T>
Plane<T> read_one(io::FitsFile& file, std::string_view name, int version, Account& account) {
  Plane<T> plane = make_plane<T>(account, shape_in(file.info(name, version)), name);
  file.read(name, version, 0, std::span<T>(plane.data(), plane.size()));
  return plane;
}

void read_all_planes(io::FitsFile& file, int version, Planes& planes, Account& account) {
  for (std::size_t i = 0; i < kPlaneKinds; ++i) {
    const auto kind = static_cast<PlaneKind>(i);
    const std::string_view name = extension_name(kind);
    if (kind == PlaneKind::wavelength_uniform || !file.has(name, version)) continue;
    if (kind == PlaneKind::dq) planes.dq = read_one<std::uint32_t>(file, name, version, account);
    else if (kind == PlaneKind::context) planes.context = read_one<std::int32_t>(file, name, version, account);
    else planes.float_plane(kind) = read_one<float>(file, name, version, account);
  }
}

/// Keywords of a slit's header move to the slit; those of the exposure stay.
Slit slit_of(const Metadata& sci, Metadata& exposure_meta, bool unit_of_error) {
  Slit slit;
  for (const Metadata::Entry& entry : sci.entries()) {
    const KeywordInfo* const info = find_keyword(entry.keyword, HeaderPlace::sci);
    const bool of_exposure = info && (info->path.starts_with("meta.exposure.") || info->path.starts_with("meta.ephemeris."));
    if (of_exposure || entry.keyword == "PA_APER" || entry.keyword == "VA_SCALE") exposure_meta.set(entry.keyword, entry.value);
    if (entry.keyword == "SRCTYPE" && !exposure_meta.has("SRCTYPE")) exposure_meta.set(entry.keyword, entry.value);
    if (of_exposure) continue;
    if (entry.keyword != "BUNIT" || unit_of_error) slit.meta.set(entry.keyword, entry.value);
    else exposure_meta.set(entry.keyword, entry.value);
  }
  slit.name = sci.text("SLTNAME");
  slit.xstart = static_cast<int>(sci.integer("SLTSTRT1"));
  slit.xsize = static_cast<int>(sci.integer("SLTSIZE1"));
  slit.ystart = static_cast<int>(sci.integer("SLTSTRT2"));
  slit.ysize = static_cast<int>(sci.integer("SLTSIZE2"));
  slit.shutter_id = static_cast<int>(sci.integer("SHUTTRID"));
  slit.source_id = static_cast<int>(sci.integer("SOURCEID"));
  slit.has_source_position = sci.has("SRCXPOS");
  slit.source_xpos = sci.find_real("SRCXPOS").value_or(0.0);
  slit.source_ypos = sci.find_real("SRCYPOS").value_or(0.0);
  return slit;
}

using Column = std::vector<double> Spectrum::*;
constexpr std::pair<const char*, Column> kColumns[] = {
    {"WAVELENGTH", &Spectrum::wavelength}, {"FLUX", &Spectrum::flux}, {"FLUX_ERROR", &Spectrum::flux_error},
    {"FLUX_VAR_POISSON", &Spectrum::flux_var_poisson}, {"FLUX_VAR_RNOISE", &Spectrum::flux_var_rnoise},
    {"FLUX_VAR_FLAT", &Spectrum::flux_var_flat}, {"SURF_BRIGHT", &Spectrum::surf_bright}, {"SB_ERROR", &Spectrum::sb_error},
    {"SB_VAR_POISSON", &Spectrum::sb_var_poisson}, {"SB_VAR_RNOISE", &Spectrum::sb_var_rnoise},
    {"SB_VAR_FLAT", &Spectrum::sb_var_flat}, {"BACKGROUND", &Spectrum::background}, {"BKGD_ERROR", &Spectrum::bkgd_error},
    {"BKGD_VAR_POISSON", &Spectrum::bkgd_var_poisson}, {"BKGD_VAR_RNOISE", &Spectrum::bkgd_var_rnoise},
    {"BKGD_VAR_FLAT", &Spectrum::bkgd_var_flat}, {"NPIXELS", &Spectrum::npixels}};

void read_spectra(io::FitsFile& file, int version, bool is_series, std::vector<Spectrum>& spectra) {
  const std::size_t rows = file.info("EXTRACT1D", version).rows;
  const std::size_t count = is_series ? rows : 1;
  const std::size_t first = spectra.size();
  spectra.resize(first + count);
  const auto split = [&](const std::vector<double>& all, std::size_t i) {
    const std::size_t length = all.size() / count;
    return std::vector<double>(all.begin() + static_cast<std::ptrdiff_t>(i * length),
                               all.begin() + static_cast<std::ptrdiff_t>((i + 1) * length));
  };
  const Metadata header = file.header("EXTRACT1D", version);
  for (const auto& [name, member] : kColumns) {
    const std::vector<double> all = file.column_real("EXTRACT1D", version, name);
    for (std::size_t i = 0; i < count; ++i) spectra[first + i].*member = split(all, i);
  }
  const std::vector<double> dq = file.column_real("EXTRACT1D", version, "DQ");
  for (std::size_t i = 0; i < count; ++i) {
    Spectrum& spectrum = spectra[first + i];
    const std::vector<double> flags = split(dq, i);
    spectrum.dq.assign(flags.begin(), flags.end());
    spectrum.meta = header;
    spectrum.flux_unit = file.column("EXTRACT1D", version, "FLUX").unit;
    spectrum.surf_bright_unit = file.column("EXTRACT1D", version, "SURF_BRIGHT").unit;
  }
  if (!is_series) return;
  for (const char* const keyword : {"MJD-BEG", "MJD-AVG", "MJD-END", "TDB-BEG", "TDB-MID", "TDB-END"}) {
    const std::vector<double> days = file.column_real("EXTRACT1D", version, keyword);
    for (std::size_t i = 0; i < count; ++i) spectra[first + i].meta.set(keyword, days[i]);
  }
  const auto numbers = file.column_integer("EXTRACT1D", version, "INT_NUM");
  for (std::size_t i = 0; i < count; ++i) spectra[first + i].integration = static_cast<int>(numbers[i]);
}

}  // namespace

Exposure read_model(const std::filesystem::path& path, Account& account) {
  io::FitsFile file = io::FitsFile::open(path);
  Exposure exposure;
  exposure.meta = file.header("PRIMARY");
  const std::string model = exposure.meta.text("DATAMODL");
  if (model == "ImageModel" || model == "CubeModel") return io::read_exposure(path, account);
  if (file.has("SCI")) exposure.data_axes = static_cast<int>(file.info("SCI").shape.size());
  if (model == "MultiSpecModel" || model == "TSOMultiSpecModel") {
    exposure.kind = model == "MultiSpecModel" ? ModelKind::multi_spec : ModelKind::tso_multi_spec;
    for (int version = 1; file.has("EXTRACT1D", version); ++version) {
      read_spectra(file, version, exposure.kind == ModelKind::tso_multi_spec, exposure.spectra);
    }
  } else {
    exposure.kind = model == "SlitModel" ? ModelKind::slit : ModelKind::multi_slit;
    for (int version = 1; file.has("SCI", version); ++version) {
      const bool unit_of_error = file.header("ERR", version).has("BUNIT");
      exposure.slits.push_back(slit_of(file.header("SCI", version), exposure.meta, unit_of_error));
      read_all_planes(file, version, exposure.slits.back().planes, account);
    }
  }
  if (file.has("INT_TIMES")) {
    for (const auto number : file.column_integer("INT_TIMES", 1, "integration_number")) {
      exposure.integration_times.number.push_back(static_cast<std::int32_t>(number));
    }
    for (std::size_t i = 0; i < exposure.integration_times.days.size(); ++i) {
      exposure.integration_times.days[i] = file.column_real("INT_TIMES", 1, IntegrationTimes::kColumns[i]);
    }
  }
  return exposure;
}

}  // namespace spec2::test
