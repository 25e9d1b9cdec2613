#include "datamodels/io/write_product.hpp"

#include <algorithm>
#include <functional>
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
NewHdu plane_hdu(const Planes& planes, PlaneKind kind, int version, int data_axes, std::size_t integrations,
                 const PlaneCards& cards) {
  std::vector<std::size_t> axes = plane_axes(planes, kind, data_axes);
  if (data_axes == 3 && is_by_integration(kind)) axes[0] = integrations;
  return image_hdu(extension_name(kind), version, axes, pixel_type(kind), cards.of(kind));
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

std::vector<PlaneKind> planes_of(const Slit& slit, ModelKind kind) {
  return plane_order(slit.planes, kind, slit.meta.has("BUNIT"));
}

/// The HDUs of slit `i`.
std::vector<NewHdu> slit_hdus(const Exposure& exposure, const std::vector<Card>& exposure_sci, std::size_t i) {
  const Slit& slit = exposure.slits[i];
  const int version = static_cast<int>(i) + 1;
  const PlaneCards cards{sci_cards(exposure_sci, slit_cards(slit_metadata(exposure, slit)), version), slit.meta.find("BUNIT")};
  std::vector<NewHdu> hdus;
  for (const PlaneKind kind : planes_of(slit, exposure.kind)) {
    hdus.push_back(plane_hdu(slit.planes, kind, version, exposure.data_axes, slit.planes.shape().integrations, cards));
  }
  return hdus;
}

/// Begins the primary HDU and those that `make` gives for each item of a list. Headers are made by all threads; those of a few
/// items are held at a time. Gives the HDUs of the items.
std::vector<ProductFile::HduId> begin_list(ProductFile& file, std::span<const Card> primary, std::size_t items,
                                           const Parallel& parallel,
                                           const std::function<std::vector<NewHdu>(std::size_t)>& make) {
  constexpr std::size_t kItemsAtOnce = 32;
  std::vector<ProductFile::HduId> begun;
  std::vector<std::vector<NewHdu>> made;
  // The primary HDU stands before the first item.
  for (std::size_t first = 0; first < items + 1; first += kItemsAtOnce) {
    made.resize(std::min(kItemsAtOnce, items + 1 - first));
    parallel.for_each(made.size(), [&](std::size_t i) {
      if (first + i == 0) made[i].assign(1, primary_hdu(primary));
      else made[i] = make(first + i - 1);
    });
    for (const std::vector<NewHdu>& hdus : made) {
      for (const NewHdu& hdu : hdus) begun.push_back(file.begin(hdu));
    }
  }
  begun.erase(begun.begin());
  return begun;
}

/// A product with a list of slits or spectra.
void write_list_model(ProductFile& file, const Exposure& exposure, const Metadata& meta, const Parallel& parallel,
                      const std::function<void()>& meanwhile) {
  const ExposureCards headers = exposure_cards(meta, exposure.kind);
  std::vector<ProductFile::Part> planes;
  std::vector<ProductFile::Rows> tables;
  if (exposure.kind == ModelKind::multi_slit) {
    const auto hdus = begin_list(file, headers.primary, exposure.slits.size(), parallel,
                                 [&](std::size_t i) { return slit_hdus(exposure, headers.sci, i); });
    auto hdu = hdus.begin();
    for (const Slit& slit : exposure.slits) {
      for (const PlaneKind kind : planes_of(slit, exposure.kind)) planes.push_back(part(*hdu++, slit.planes, kind));
    }
  } else {
    const auto hdus = begin_list(file, headers.primary, exposure.spectra.size(), parallel, [&](std::size_t i) {
      return std::vector<NewHdu>{spectrum_hdu(exposure.spectra[i], static_cast<int>(i) + 1)};
    });
    for (std::size_t i = 0; i < hdus.size(); ++i) {
      tables.push_back({hdus[i], [&spectrum = exposure.spectra[i]](TableRows& rows) { put_rows(rows, spectrum); }});
    }
  }
  file.write_together(planes, tables, parallel, meanwhile);
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
    const auto hdu = file.begin(plane_hdu(planes, kind, 1, exposure.data_axes, integrations, cards));
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
    write_list_model(file, exposure, meta, parallel, [&] { write_tree(file, exposure, meta, integrations, origin); });
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
  file_.take_room();
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
