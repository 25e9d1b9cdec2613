#include "datamodels/io/write_product.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "datamodels/io/product_headers.hpp"
#include "datamodels/io/product_layout.hpp"
#include "datamodels/io/product_tree.hpp"
#include "datamodels/io/spectrum_tables.hpp"

namespace spec2::io {
namespace {

PixelType pixel_type(PlaneKind kind) {
  return kind == PlaneKind::dq ? PixelType::unsigned32 : kind == PlaneKind::context ? PixelType::integer32 : PixelType::real32;
}

/// All values of a plane, the first of which is number `first` of the image in the file.
ProductFile::Part part(ProductFile::HduId hdu, const Planes& planes, PlaneKind kind, std::size_t first = 0) {
  const auto bytes = [](const auto& plane) { return std::as_bytes(std::span(plane.data(), plane.size())); };
  if (kind == PlaneKind::dq) return {hdu, first, bytes(planes.dq)};
  if (kind == PlaneKind::context) return {hdu, first, bytes(planes.context)};
  return {hdu, first, bytes(planes.float_plane(kind))};
}

/// Headers of the planes of one image or slit.
struct PlaneCards {
  std::vector<Card> sci;
  const MetaValue* err_unit = nullptr;
  std::vector<Card> of(PlaneKind kind) const {
    if (kind == PlaneKind::sci) return sci;
    if (kind != PlaneKind::err || !err_unit) return {};
    return {{"BUNIT", *err_unit, "physical units of the array values"}};
  }
};

/// The HDU of one plane, for `integrations` of them when it is by integration.
ProductFile::HduId begin_plane(ProductFile& file, const Planes& planes, PlaneKind kind, int version, int data_axes,
                               std::size_t integrations, const PlaneCards& cards) {
  std::vector<std::size_t> axes = plane_axes(planes, kind, data_axes);
  if (data_axes == 3 && is_by_integration(kind)) axes[0] = integrations;
  return file.begin_image(extension_name(kind), version, axes, pixel_type(kind), cards.of(kind));
}

/// SCI cards of slit number `version`; those of the exposure stand in the first.
std::vector<Card> sci_cards(const std::vector<Card>& of_exposure, std::vector<Card> of_slit, int version) {
  if (version != 1) return of_slit;
  std::vector<Card> cards = of_exposure;
  for (Card& card : of_slit) {
    const auto same = card.keyword.empty() ? cards.end() : std::find_if(cards.begin(), cards.end(), [&](const Card& each) {
      return each.keyword == card.keyword;
    });
    if (same == cards.end()) cards.push_back(std::move(card));
    else *same = std::move(card);
  }
  return cards;
}

/// The headers of all slits; their planes are yet to be written.
std::vector<ProductFile::Part> begin_slits(ProductFile& file, const Exposure& exposure, const std::vector<Card>& exposure_sci,
                                           const Parallel& parallel) {
  std::vector<std::vector<Card>> own_cards(exposure.slits.size());
  parallel.for_each(own_cards.size(),
                    [&](std::size_t i) { own_cards[i] = slit_cards(slit_metadata(exposure, exposure.slits[i])); });
  std::vector<ProductFile::Part> planes;
  int version = 0;
  for (const Slit& slit : exposure.slits) {
    std::vector<Card>& own = own_cards[static_cast<std::size_t>(version++)];
    const PlaneCards cards{sci_cards(exposure_sci, std::move(own), version), slit.meta.find("BUNIT")};
    for (const PlaneKind kind : plane_order(slit.planes, exposure.kind, cards.err_unit != nullptr)) {
      const auto hdu = begin_plane(file, slit.planes, kind, version, exposure.data_axes, slit.planes.shape().integrations, cards);
      planes.push_back(part(hdu, slit.planes, kind));
    }
  }
  return planes;
}

bool is_one_image(const Exposure& exposure) {
  return exposure.kind == ModelKind::image || exposure.kind == ModelKind::cube || exposure.kind == ModelKind::ifu_image ||
         exposure.kind == ModelKind::slit;
}

/// The planes of a model with one image: those of the exposure or of its one slit.
const Planes& image_planes(const Exposure& exposure) {
  if (exposure.kind != ModelKind::slit) return exposure.planes;
  if (exposure.slits.size() != 1) {
    throw Error(ErrorCause::internal, fmt::format("a product of one slit has {}", exposure.slits.size()));
  }
  return exposure.slits.front().planes;
}

using PlanesByIntegration = std::vector<std::pair<PlaneKind, ProductFile::HduId>>;

/// Headers and all HDUs of a model with one image; of planes by integration only the first block is written.
PlanesByIntegration write_image_model(ProductFile& file, const Exposure& exposure, Metadata meta, std::size_t integrations) {
  const Planes& planes = image_planes(exposure);
  PlaneCards cards;
  if (exposure.kind == ModelKind::slit) {
    const Slit& slit = exposure.slits.front();
    meta.update(slit_metadata(exposure, slit));
    cards.err_unit = slit.meta.find("BUNIT");
  }
  if (!cards.err_unit) cards.err_unit = exposure.meta.find(kErrorUnit);
  ExposureCards headers = exposure_cards(meta, exposure.kind);
  cards.sci = std::move(headers.sci);
  file.write_primary(headers.primary);
  PlanesByIntegration parts;
  bool times_wanted = has_integration_times(exposure);
  const auto write_times = [&] {
    if (std::exchange(times_wanted, false)) write_integration_times(file, exposure.integration_times);
  };
  for (const PlaneKind kind : plane_order(planes, exposure.kind, cards.err_unit != nullptr)) {
    // In cubes the times stand before the variances, in models of a slit at the end.
    if (exposure.kind == ModelKind::cube && kind >= PlaneKind::var_poisson) write_times();
    const auto hdu = begin_plane(file, planes, kind, 1, exposure.data_axes, integrations, cards);
    file.write_part(part(hdu, planes, kind));
    if (is_by_integration(kind)) parts.emplace_back(kind, hdu);
  }
  write_times();
  return parts;
}

/// Headers and all HDUs of the spectra of a time series; rows of the integrations that are held.
std::vector<SeriesTable> write_series_model(ProductFile& file, const Exposure& exposure, const Metadata& meta) {
  file.write_primary(exposure_cards(meta, exposure.kind).primary);
  if (has_integration_times(exposure)) write_integration_times(file, exposure.integration_times);
  const int segment = static_cast<int>(exposure.meta.find_integer("EXSEGNUM").value_or(1));
  std::vector<SeriesTable> tables;
  for (const SpectrumSeries series : series_of(exposure.spectra)) {
    tables.emplace_back(file, series, table_rows(exposure, series), segment, static_cast<int>(tables.size()) + 1)
        .write(file, series, exposure.block.first);
  }
  return tables;
}

void write_tree(ProductFile& file, const Exposure& exposure, const Metadata& meta, std::size_t integrations,
                const ProductOrigin& origin) {
  file.write_bytes("ASDF", "ASDF_METADATA", product_tree(exposure, meta, integrations, origin, file.checksum_of_headers()));
}

}  // namespace

ProductFile write_product(const Exposure& exposure, const std::filesystem::path& path, const ProductOrigin& origin,
                          FileSystem& files, const Parallel& parallel) {
  ProductFile file = ProductFile::create(path, files);
  const Metadata meta = product_metadata(exposure, path.filename().string(), origin.version);
  const std::size_t integrations = is_one_image(exposure)     ? image_planes(exposure).shape().integrations
                                   : exposure.slits.empty() ? 1
                                                              : exposure.slits.front().planes.shape().integrations;
  if (is_one_image(exposure)) {
    write_image_model(file, exposure, meta, integrations);
  } else if (exposure.kind == ModelKind::tso_multi_spec) {
    write_series_model(file, exposure, meta);
  } else {
    const ExposureCards headers = exposure_cards(meta, exposure.kind);
    file.write_primary(headers.primary);
    std::vector<ProductFile::Part> planes;
    std::vector<ProductFile::Rows> tables;
    if (exposure.kind == ModelKind::multi_slit) {
      planes = begin_slits(file, exposure, headers.sci, parallel);
    } else {
      int version = 0;
      for (const Spectrum& spectrum : exposure.spectra) tables.push_back(begin_spectrum(file, spectrum, ++version));
    }
    file.write_together(planes, tables, parallel, [&] { write_tree(file, exposure, meta, integrations, origin); });
    file.finish();
    return file;
  }
  write_tree(file, exposure, meta, integrations, origin);
  file.finish();
  return file;
}

SeriesProduct::SeriesProduct(const Exposure& first, const std::filesystem::path& path, const ProductOrigin& origin,
                             FileSystem& files)
    : file_(ProductFile::create(path, files)) {
  const Metadata meta = product_metadata(first, path.filename().string(), origin.version);
  const std::size_t integrations = first.block.total;
  if (first.block.first != 0 || first.data_axes != 3) {
    throw Error(ErrorCause::internal, "a series begins with its first integrations");
  }
  if (first.kind == ModelKind::tso_multi_spec) tables_ = write_series_model(file_, first, meta);
  else planes_ = write_image_model(file_, first, meta, integrations);
  write_tree(file_, first, meta, integrations, origin);
  file_.flush();
}

void SeriesProduct::append(const Exposure& block) {
  if (block.kind == ModelKind::tso_multi_spec) {
    const auto series = series_of(block.spectra);
    if (series.size() != tables_.size()) {
      throw Error(ErrorCause::internal,
                  fmt::format("{} tables of spectra in a block of a series with {}", series.size(), tables_.size()));
    }
    for (std::size_t i = 0; i < series.size(); ++i) tables_[i].write(file_, series[i], block.block.first);
    return;
  }
  const Planes& planes = image_planes(block);
  const PlaneShape shape = planes.shape();
  for (const auto& [kind, hdu] : planes_) {
    file_.write_part(part(hdu, planes, kind, block.block.first * shape.rows * shape.columns));
  }
}

ProductFile SeriesProduct::finish() && {
  file_.finish();
  return std::move(file_);
}

}  // namespace spec2::io
