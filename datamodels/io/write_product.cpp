#include "datamodels/io/write_product.hpp"

#include <array>

#include "datamodels/io/product_headers.hpp"

namespace spec2::io {
namespace {

/// Planes in the order in which the peer's models write them.
constexpr std::array kImageOrder = {PlaneKind::sci, PlaneKind::dq, PlaneKind::err, PlaneKind::var_poisson, PlaneKind::var_rnoise,
                                    PlaneKind::var_flat, PlaneKind::area};
constexpr std::array kSlitOrder = {
    PlaneKind::sci, PlaneKind::dq, PlaneKind::err, PlaneKind::wavelength, PlaneKind::weight, PlaneKind::context,
    PlaneKind::var_poisson, PlaneKind::var_rnoise, PlaneKind::var_flat, PlaneKind::flatfield_point, PlaneKind::flatfield_uniform,
    PlaneKind::pathloss_point, PlaneKind::pathloss_uniform, PlaneKind::photom_point, PlaneKind::photom_uniform,
    PlaneKind::barshadow};

template <class T>
void write_plane(ProductFile& file, const Plane<T>& plane, std::string_view name, int version, bool three_axes, std::span<const Card> cards) {
  const std::array<std::size_t, 3> shape = {plane.shape(0), plane.shape(1), plane.shape(2)};
  const std::span<const std::size_t> axes(shape);
  file.write_image(name, version, three_axes ? axes : axes.subspan(1), std::span<const T>(plane.data(), plane.size()), cards);
}

/// Planes with one value for each pixel of each integration.
bool is_by_integration(PlaneKind kind) {
  return kind == PlaneKind::sci || kind == PlaneKind::dq || kind == PlaneKind::err || kind == PlaneKind::var_poisson ||
         kind == PlaneKind::var_rnoise || kind == PlaneKind::var_flat;
}

void write_planes(ProductFile& file, const Planes& planes, std::span<const PlaneKind> order, int version, int data_axes,
                  const std::vector<Card>& cards) {
  std::vector<Card> unit;
  for (const Card& card : cards) {
    if (card.keyword == "BUNIT") unit.push_back(card);
  }
  for (const PlaneKind kind : order) {
    if (!planes.has(kind)) continue;
    const std::string_view name = extension_name(kind);
    const bool three_axes = data_axes == 3 && is_by_integration(kind);
    if (kind == PlaneKind::dq) {
      write_plane(file, planes.dq, name, version, three_axes, {});
    } else if (kind == PlaneKind::context) {
      write_plane(file, planes.context, name, version, true, {});
    } else {
      write_plane(file, planes.float_plane(kind), name, version, three_axes,
                  kind == PlaneKind::sci ? std::span<const Card>(cards) : kind == PlaneKind::err ? std::span<const Card>(unit) : std::span<const Card>());
    }
  }
}

std::string squared(const std::string& unit) {
  return unit == "MJy/sr" ? "MJy^2 / sr^2" : unit == "DN/s" ? "DN^2 / s^2" : unit.empty() ? "" : unit + "^2";
}

void write_spectrum(ProductFile& file, const Spectrum& spectrum, int version) {
  const std::string& flux = spectrum.flux_unit;
  const std::string& surface = spectrum.surf_bright_unit;
  const auto real = [](const char* name, const std::string& unit, const std::vector<double>& values) {
    return ColumnData{name, unit, ColumnData::Type::real64, 1, values};
  };
  const std::vector<ColumnData> columns = {
      real("WAVELENGTH", "um", spectrum.wavelength),
      real("FLUX", flux, spectrum.flux),
      real("FLUX_ERROR", flux, spectrum.flux_error),
      real("FLUX_VAR_POISSON", squared(flux), spectrum.flux_var_poisson),
      real("FLUX_VAR_RNOISE", squared(flux), spectrum.flux_var_rnoise),
      real("FLUX_VAR_FLAT", squared(flux), spectrum.flux_var_flat),
      real("SURF_BRIGHT", surface, spectrum.surf_bright),
      real("SB_ERROR", surface, spectrum.sb_error),
      real("SB_VAR_POISSON", squared(surface), spectrum.sb_var_poisson),
      real("SB_VAR_RNOISE", squared(surface), spectrum.sb_var_rnoise),
      real("SB_VAR_FLAT", squared(surface), spectrum.sb_var_flat),
      {"DQ", "", ColumnData::Type::unsigned32, 1, {spectrum.dq.begin(), spectrum.dq.end()}},
      real("BACKGROUND", surface, spectrum.background),
      real("BKGD_ERROR", surface, spectrum.bkgd_error),
      real("BKGD_VAR_POISSON", squared(surface), spectrum.bkgd_var_poisson),
      real("BKGD_VAR_RNOISE", squared(surface), spectrum.bkgd_var_rnoise),
      real("BKGD_VAR_FLAT", squared(surface), spectrum.bkgd_var_flat),
      real("NPIXELS", "", spectrum.npixels)};
  file.write_table("EXTRACT1D", version, spectrum.size(), columns, spectrum_cards(spectrum));
}

}  // namespace

ProductFile write_product(const Exposure& exposure, const std::filesystem::path& path, const ProductOrigin& origin) {
  ProductFile file = ProductFile::create(path);
  file.write_primary(primary_cards(exposure, path.filename().string(), origin.version));
  if (exposure.kind == ModelKind::multi_spec || exposure.kind == ModelKind::tso_multi_spec) {
    int version = 0;
    for (const Spectrum& spectrum : exposure.spectra) write_spectrum(file, spectrum, ++version);
  } else if (exposure.kind == ModelKind::multi_slit || exposure.kind == ModelKind::slit) {
    int version = 0;
    for (const Slit& slit : exposure.slits) {
      ++version;
      write_planes(file, slit.planes, kSlitOrder, version, exposure.data_axes, slit_cards(exposure, slit));
    }
  } else {
    write_planes(file, exposure.planes, kImageOrder, 1, exposure.data_axes, image_cards(exposure.meta));
  }
  file.finish();
  return file;
}

}  // namespace spec2::io
