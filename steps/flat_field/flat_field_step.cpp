#include "steps/flat_field/flat_field_step.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "datamodels/io/fits_file.hpp"
#include "datamodels/schema/primary_keywords.hpp"
#include "steps/flat_field/apply_flat.hpp"
#include "steps/flat_field/slit_flat.hpp"

namespace spec2 {
namespace {

using flat_field::SlitFlat;

/// Pinned references of one slit.
struct SlitReferences {
  ReferenceCache::Pin<NirspecFlat> fore_optics, spectrograph, detector;
  flat_field::FlatParts parts() const { return {fore_optics.get(), spectrograph.get(), detector.get()}; }
};

struct ReferencePaths {
  std::optional<std::string> fore_optics, spectrograph, detector;
};

ReferenceCache::Pin<NirspecFlat> pin(ReferenceCache& cache, const std::optional<std::string>& path, const DetectorRows& region) {
  if (!path) return nullptr;
  return cache.get<NirspecFlat>(
      *path, fmt::format("rows {} {}", region.first_row, region.rows),
      [&](const std::string& file, Account& account) { return read_nirspec_flat(file, region, account); });
}

flat_field::DetectorOrigin origin_of(const Slit& slit, const Metadata& header) {
  return {static_cast<std::size_t>(slit.xstart - 1 + header.integer("SUBSTRT1") - 1),
          static_cast<std::size_t>(slit.ystart - 1 + header.integer("SUBSTRT2") - 1)};
}

FloatPlane read_flat_plane(io::FitsFile& file, std::string_view name, int version, const PlaneShape& shape, Account& account) {
  const auto& found = file.info(name, version).shape;
  if (found.size() != 2 || found[0] != shape.rows || found[1] != shape.columns) {
    throw Error(ErrorCause::reference, fmt::format("the flat of slit {} has another shape than the slit", version),
                {.file = file.path(), .hdu = fmt::format("{},{}", name, version), .keyword = "NAXIS"},
                "Give flats made from an exposure with the same slits");
  }
  FloatPlane plane = make_plane<float>(account, {1, shape.rows, shape.columns}, "scratch user flat");
  file.read(name, version, 0, std::span<float>(plane.data(), plane.size()));
  return plane;
}

/// The flat of slit `version` (from 1) of a file that save_interpolated_flat wrote.
SlitFlat read_user_flat(io::FitsFile& file, int version, const PlaneShape& shape, Account& account) {
  SlitFlat flat;
  flat.flat = read_flat_plane(file, "SCI", version, shape, account);
  flat.error = file.has("ERR", version) ? read_flat_plane(file, "ERR", version, shape, account)
                                        : make_plane<float>(account, {1, shape.rows, shape.columns}, "scratch user flat");
  flat.dq = make_plane<std::uint32_t>(account, {1, shape.rows, shape.columns}, "scratch user flat DQ");
  if (file.has("DQ", version)) file.read("DQ", version, 0, std::span<std::uint32_t>(flat.dq.data(), flat.dq.size()));
  return flat;
}

/// The flats as the peer saves them: slits with SCI, DQ, ERR and WAVELENGTH.
Exposure flats_as_exposure(const Exposure& exposure, std::vector<SlitFlat> flats, Account& account) {
  Exposure made;
  made.kind = ModelKind::multi_slit;
  made.meta = primary_keywords(exposure.meta);
  made.meta.set("S_FLAT", "COMPLETE");
  made.arena = exposure.arena;
  for (std::size_t i = 0; i < flats.size(); ++i) {
    const Slit& slit = exposure.slits[i];
    Slit& target = made.slits.emplace_back();
    target.name = slit.name;
    target.xstart = slit.xstart;
    target.xsize = slit.xsize;
    target.ystart = slit.ystart;
    target.ysize = slit.ysize;
    target.wcs = slit.wcs;
    target.planes.sci = std::move(flats[i].flat);
    target.planes.err = std::move(flats[i].error);
    target.planes.dq = std::move(flats[i].dq);
    target.planes.wavelength = clone_plane(slit.planes.wavelength, account, "plane WAVELENGTH");
    for (float& value : target.planes.wavelength.storage()) value = std::isnan(value) ? 0.0f : value;
  }
  return made;
}

}  // namespace

const StepInfo& FlatFieldStep::info() const {
  static constexpr StepInfo kInfo{"flat_field", "S_FLAT", {PlaneKind::wavelength},
                                  {PlaneKind::var_flat, PlaneKind::flatfield_point, PlaneKind::flatfield_uniform}};
  return kInfo;
}

MemoryEstimate FlatFieldStep::estimate(const ExposureShape& shape) const {
  constexpr std::size_t kScratchPlanes = 5;  // flat, error, DQ, cleaned wavelengths, steps
  constexpr std::size_t kFlatPlanes = 3;
  constexpr std::size_t kDetectorColumns = 2048;
  MemoryEstimate estimate;
  std::vector<std::size_t> sizes;
  for (const PlaneShape& slit : shape.slits) {
    const std::size_t area = slit.rows * slit.columns;
    estimate.added += slit.size() * sizeof(float);
    // Rows of the spectrograph flat (image and DQ) and of the two planes of the detector flat stay in the cache.
    estimate.kept += slit.rows * kDetectorColumns * sizeof(float) * 5;
    if (shape.in_blocks) estimate.kept += area * kFlatPlanes * sizeof(float);
    sizes.push_back(area * kScratchPlanes * sizeof(float));
  }
  estimate.added += estimate.kept;
  std::sort(sizes.rbegin(), sizes.rend());
  for (std::size_t i = 0; i < std::min(sizes.size(), shape.threads); ++i) estimate.scratch += sizes[i];
  if (shape.exp_type == "NRS_FIXEDSLIT" && !sizes.empty()) estimate.added += 2 * sizes[0] / kScratchPlanes;
  return estimate;
}

StepResult FlatFieldStep::run(Exposure exposure, StepContext& context) const {
  const std::string exp_type = exposure.exp_type();
  if (exp_type == "NRS_AUTOFLAT") return skipped(std::move(exposure), "not for NRS_AUTOFLAT");
  std::optional<io::FitsFile> user;
  ReferencePaths paths;
  if (config_.user_supplied_flat) {
    user = io::FitsFile::open(*config_.user_supplied_flat, ErrorCause::user_input);
    exposure.meta.set("R_FLAT", std::filesystem::path(*config_.user_supplied_flat).filename().string());
  } else {
    context.references.path("flat");  // NIRSpec spectra have none; the peer records that in the header
    paths = {context.references.path("fflat"), context.references.path("sflat"), context.references.path("dflat")};
  }
  std::vector<SlitFlat> kept(config_.save_interpolated_flat ? exposure.slits.size() : 0);
  const auto correct = [&](std::size_t i) {
    Slit& slit = exposure.slits[i];
    const PlaneShape shape = slit.planes.shape();
    const auto origin = origin_of(slit, exposure.meta);
    SlitFlat flat;
    if (user) {
      flat = read_user_flat(*user, static_cast<int>(i) + 1, shape, context.account);
    } else {
      const DetectorRows region{origin.y, shape.rows};
      ReferenceCache& cache = context.references.cache();
      const SlitReferences references{pin(cache, paths.fore_optics, {}), pin(cache, paths.spectrograph, region),
                                      pin(cache, paths.detector, region)};
      const bool keep = exp_type == "NRS_FIXEDSLIT" && slit.source_type == SourceType::point;
      if (keep) {
        // What fills the slit has the wavelengths from before the correction for a point source.
        const bool corrected = slit.planes.has(PlaneKind::wavelength_uniform);
        const FloatPlane& uniform = corrected ? slit.planes.wavelength_uniform : slit.planes.wavelength;
        slit.planes.flatfield_uniform =
            flat_field::make_slit_flat(view2(uniform), references.parts(), slit.name, origin, context.account, context.parallel)
                .flat;
      }
      const auto make = [&](Account& account) {
        return flat_field::make_slit_flat(view2(slit.planes.wavelength), references.parts(), slit.name, origin, account,
                                          context.parallel);
      };
      flat = context.prepare_copy<SlitFlat>(i, make);
      if (keep) slit.planes.flatfield_point = clone_plane(flat.flat, context.account, "plane FLATFIELD_PS");
    }
    for (const PlaneKind kind : {PlaneKind::var_poisson, PlaneKind::var_rnoise, PlaneKind::var_flat}) {
      FloatPlane& variance = slit.planes.float_plane(kind);
      if (variance.size() == 0) variance = make_plane<float>(context.account, shape, purpose_of(kind));
    }
    flat_field::apply_flat(slit.planes, flat, config_.inverse);
    if (config_.save_interpolated_flat) kept[i] = std::move(flat);
  };
  if (user) {
    for (std::size_t i = 0; i < exposure.slits.size(); ++i) correct(i);  // one file handle
  } else {
    context.parallel.for_each(exposure.slits.size(), correct);
  }
  if (config_.save_interpolated_flat) {
    const Exposure flats = flats_as_exposure(exposure, std::move(kept), context.account);
    context.side_products.write(flats, "interpolatedflat");
  }
  return {std::move(exposure), StepStatus::complete, {}};
}

}  // namespace spec2
