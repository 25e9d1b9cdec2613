#include "steps/wavecorr/wavecorr_step.hpp"

#include <algorithm>

#include "datamodels/wavelengths.hpp"
#include "steps/wavecorr/zero_point.hpp"

namespace spec2 {
namespace {

/// Empty when there is none for the exposure.
ReferenceCache::Pin<WavecorrReference> reference_of(References& references) {
  const auto path = references.path("wavecorr");
  return path ? references.cache().get<WavecorrReference>(*path, "", read_wavecorr) : nullptr;
}

/// x and y in the slit (fractions) and the corrected wavelength, as the peer's frame of this name.
wcs::Frame correction_frame() {
  wcs::Frame spatial = wcs::frame2d("slit_spatial", {"", ""}, {"x_slit", "y_slit"});
  return wcs::composite_frame("wavecorr_frame", {spatial, wcs::spectral_frame("spectral", 2, "um")});
}

/// The WCS with corrected wavelengths, and these.
struct Correction {
  wcs::Wcs wcs;
  FloatPlane wavelength;  ///< empty: the slit stays uncorrected

  Correction clone(Account& account) const {
    if (wavelength.size() == 0) return {};
    return {wcs, clone_plane(wavelength, account, "plane WAVELENGTH")};
  }
};

/// Empty when there is no table for the slit or no way back from the corrected wavelengths.
Correction correction_of(const Slit& slit, wcs::Arena& arena, const WavecorrReference& reference,
                         const std::string& aperture_name, Account& account, const StepContext& context) {
  const WavecorrReference::Aperture* const aperture = reference.find(aperture_name);
  if (!aperture) {
    context.log.warning("the wavecorr reference has no aperture {}; slit {} stays uncorrected", aperture_name, slit.name);
    return {};
  }
  const PlaneShape shape = shape_of(slit.planes.wavelength);
  const auto dispersion =
      wavecorr::column_dispersion(wavelength_mapper(arena, slit.wcs), shape.rows, shape.columns, context.parallel);
  const auto table = wavecorr::correction_table(*aperture, slit.source_xpos,
                                                wavecorr::column_wavelength(view2(slit.planes.wavelength)), dispersion);
  if (!table) {
    context.log.warning("the wavelength correction of slit {} cannot be inverted; it stays uncorrected", slit.name);
    return {};
  }
  Correction correction{slit.wcs, {}};
  arena.reopen();
  const wcs::TransformId lookup =
      arena.tabular1d(table->wavelength, table->corrected, wcs::TabularBounds::extrapolate, 0.0);
  arena.set_name(lookup, "wave2wavecorr");
  wcs::insert_frame(arena, correction.wcs, "slit_frame", arena.concatenate(arena.identity(2), lookup),
                    arena.add_frame(correction_frame()));
  arena.freeze();
  correction.wavelength = make_unset_plane<float>(account, {1, shape.rows, shape.columns}, "plane WAVELENGTH");
  fill_wavelengths(arena, correction.wcs, view2(correction.wavelength), context.parallel);
  return correction;
}

/// False when the slit stays as it is.
bool correct(Slit& slit, Correction correction) {
  if (correction.wavelength.size() == 0) return false;
  slit.wcs = correction.wcs;
  slit.planes.wavelength_uniform = std::move(slit.planes.wavelength);
  slit.planes.wavelength = std::move(correction.wavelength);
  return true;
}

}  // namespace

const StepInfo& WavecorrStep::info() const {
  static constexpr StepInfo kInfo{"wavecorr", "S_WAVCOR", {PlaneKind::wavelength}, {PlaneKind::wavelength_uniform}};
  return kInfo;
}

MemoryEstimate WavecorrStep::estimate(const ExposureShape& shape) const {
  // At most one slit holds a point source; before the pointing is known it may be the largest.
  std::size_t largest = 0;
  for (const PlaneShape& slit : shape.slits) largest = std::max(largest, slit.rows * slit.columns);
  // The zero-point corrections are tables of the WCS, whose pools grow by doubling.
  constexpr std::size_t kTables = 80u << 10;
  constexpr std::size_t kReference = 40u << 10;
  const std::size_t plane = largest * sizeof(float), prepared = shape.in_blocks ? plane : 0;
  const std::size_t kept = prepared + kTables + kReference;
  return {.added = plane + kept, .kept = kept, .references = kReference};
}

void WavecorrStep::read_references(References& references) const { reference_of(references); }

StepResult WavecorrStep::run(Exposure exposure, StepContext& context) const {
  const std::string exp_type = exposure.exp_type();
  const bool fixed_slit = exp_type == "NRS_FIXEDSLIT" || exp_type == "NRS_BRIGHTOBJ";
  if (!fixed_slit && exp_type != "NRS_MSASPEC" && exp_type != "NRS_AUTOFLAT") {
    return skipped(std::move(exposure), fmt::format("not for {}", exp_type));
  }
  const auto reference = reference_of(context.references);
  if (!reference) return skipped(std::move(exposure), "there is no wavecorr reference for this exposure (N/A)");
  bool corrected = false;
  for (std::size_t i = 0; i < exposure.slits.size(); ++i) {
    Slit& slit = exposure.slits[i];
    const auto make = [&](Account& account) {
      return correction_of(slit, *exposure.arena, *reference, fixed_slit ? slit.name : "MOS", account, context);
    };
    const bool done = slit.source_type == SourceType::point && correct(slit, context.prepare_copy<Correction>(i, make));
    // The keyword is that of slits in a list; a single slit (NRS_BRIGHTOBJ) has none in the peer's products.
    if (exposure.kind == ModelKind::multi_slit) slit.meta.set("WAVECOR", done);
    slit.wavelength_corrected = done;
    corrected |= done;
  }
  if (!corrected) return skipped(std::move(exposure), "no slit holds a point source that can be corrected");
  return {std::move(exposure), StepStatus::complete, {}};
}

}  // namespace spec2
