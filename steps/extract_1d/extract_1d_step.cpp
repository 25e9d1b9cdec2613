#include "steps/extract_1d/extract_1d_step.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <memory>

#include "core/math/sigma_clip.hpp"
#include "datamodels/invalid_pixels.hpp"
#include "datamodels/schema/primary_keywords.hpp"
#include "steps/extract_1d/aperture_correction.hpp"
#include "steps/extract_1d/box_extraction.hpp"
#include "steps/extract_1d/integration_times.hpp"
#include "steps/extract_1d/slit_aperture.hpp"
#include "steps/extract_1d/spectral_wcs.hpp"
#include "steps/extract_1d/spectrum_units.hpp"

namespace spec2 {
namespace {

using namespace extract_1d;  // the maths of this step

/// Each empty when there is none for the exposure.
struct SlitReferences {
  ReferenceCache::Pin<Extract1dReference> extract;
  ReferenceCache::Pin<SlitApcorrReference> apcorr;
};

SlitReferences references_of(const Extract1dConfig& config, References& references) {
  const auto extract = references.path("extract1d");
  const auto apcorr = config.apply_apcorr ? references.path("apcorr") : std::nullopt;
  SlitReferences read;
  if (extract) read.extract = references.cache().get<Extract1dReference>(*extract, "", read_extract1d);
  if (apcorr) read.apcorr = references.cache().get<SlitApcorrReference>(*apcorr, "", read_slit_apcorr);
  return read;
}

/// Of each element of a spectrum, for the loss of light outside the aperture.
using ApertureFactors = std::vector<double>;

/// Keywords of the table, in the order of the peer's products.
Metadata spectrum_keywords(const Exposure& exposure, const Slit& slit, const SlitAperture& aperture, int order) {
  Metadata meta;
  meta.set("SLTNAME", slit.name);
  meta.set("SOURCEID", slit.source_id);
  if (slit.source_type != SourceType::unknown) meta.set("SRCTYPE", std::string(to_string(slit.source_type)));
  if (slit.has_source_position) {
    meta.set("SRCXPOS", slit.source_xpos);
    meta.set("SRCYPOS", slit.source_ypos);
  }
  if (!aperture.is_empty) {
    meta.set("EXTRXSTR", static_cast<int>(aperture.first_column) + 1);
    meta.set("EXTRXSTP", static_cast<int>(aperture.last_column) + 1);
  }
  meta.set("EXTRYSTR", aperture.profile.lower + 1.0);
  meta.set("EXTRYSTP", aperture.profile.upper + 1.0);
  if (!std::isnan(aperture.ra)) {
    meta.set("SLIT_RA", aperture.ra);
    meta.set("SLIT_DEC", aperture.dec);
  }
  meta.set("SPORDER", order);
  meta.set("DISPAXIS", 1);
  meta.set("DETECTOR", exposure.meta.text("DETECTOR"));
  for (const char* keyword : {"WAVECOR", "PTHLOSS"}) {
    if (const MetaValue* const value = slit.meta.find(keyword)) meta.set(keyword, *value);
  }
  if (const MetaValue* const value = exposure.meta.find("PA_APER")) meta.set("PA_APER", *value);
  return meta;
}

ImageSet image_of(const Planes& planes, std::size_t integration) {
  const auto part = [&](const FloatPlane& plane) {
    return plane.size() == planes.sci.size() ? view3(plane)[integration] : View2<const float>();
  };
  return {view3(planes.sci)[integration], part(planes.var_rnoise), part(planes.var_poisson), part(planes.var_flat)};
}

/// A plane of weights or a model as an image of its own, the way the peer saves them.
Exposure as_image(const Exposure& exposure, const double* values, const PlaneShape& shape, int axes, Account& account) {
  Exposure image;
  image.kind = axes == 3 ? ModelKind::cube : ModelKind::image;
  image.data_axes = axes;
  if (axes == 3) image.block = exposure.block;
  image.meta = primary_keywords(exposure.meta);
  image.planes.sci = make_plane<float>(account, shape, "scratch saved image");
  std::transform(values, values + shape.size(), image.planes.sci.data(), [](double value) { return static_cast<float>(value); });
  if (axes == 3) add_empty_planes(image.planes, account);
  return image;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// Extracts one slit: `measure` looks at nothing else and may run beside others; `finish` adds to the arena and saves images.
class SlitExtraction {
 public:
  SlitExtraction(const Exposure& exposure, std::size_t slit, Slit& pixels, const Extract1dConfig& config,
                 const SlitReferences& references, StepContext& context)
      : exposure_(exposure), index_(slit), slit_(pixels), config_(config), references_(references), context_(context) {}

  void measure() {
    match_invalid_pixels(slit_.planes);
    const PlaneShape shape = slit_.planes.shape();
    const int order = static_cast<int>(exposure_.meta.find_integer("SPORDER").value_or(1));
    if (order == 0 && exposure_.meta.find_text("GRATING").value_or("") != "PRISM") return;
    const std::string exp_type = exposure_.exp_type();
    const bool knows_position = exp_type == "NRS_FIXEDSLIT" || exp_type == "NRS_MSASPEC" || exp_type == "NRS_BRIGHTOBJ";
    const bool is_point = slit_.source_type == SourceType::point;
    const auto settings = aperture_settings(references_.extract.get(), config_, slit_.name, order, shape.rows, shape.columns,
                                            is_point, knows_position);
    if (!settings) {
      context_.log.info("the extract1d reference has no order {} of slit {}; it is passed over", order, slit_.name);
      return;
    }
    aperture_ = context_.prepare<SlitAperture>(
        index_, [&](Account&) { return define_aperture(slit_, *exposure_.arena, *settings, context_.log); });
    const std::vector<double>& wavelength = aperture_->wavelength;
    if (std::none_of(wavelength.begin(), wavelength.end(), [](double w) { return std::isfinite(w); })) {
      context_.log.error("the spectrum of slit {} is empty: no pixel of the aperture has a wavelength", slit_.name);
      return;
    }
    extract(*aperture_, order);
  }

  std::vector<Spectrum> finish() {
    if (spectra_.empty()) return {};
    if (exposure_.block.first == 0) set_wcs(*aperture_, spectra_.front());
    correct_aperture(*aperture_, spectra_);
    set_integration_times(exposure_, spectra_, context_.log);
    save_images(*aperture_, scene_);
    return std::move(spectra_);
  }

 private:
  void extract(const SlitAperture& aperture, int order) {
    const PlaneShape shape = slit_.planes.shape();
    ExtractionPlan plan;
    plan.profile = {aperture.profile.weights.data(), shape.rows, shape.columns};
    if (!aperture.background_weights.empty()) {
      plan.background_profile = {aperture.background_weights.data(), shape.rows, shape.columns};
      plan.fit = aperture.settings.background_fit;
      plan.order = aperture.settings.background_order;
      plan.smoothing_length = aperture.settings.smoothing_length;
    }
    const ImageUnits units = image_units();
    const Metadata keywords = spectrum_keywords(exposure_, slit_, aperture, order);
    const bool wants_scene = config_.save_scene_model || config_.save_residual_image;
    scene_.resize(wants_scene ? shape.size() : 0);
    spectra_.resize(shape.integrations);
    context_.parallel.for_each(shape.integrations, [&](std::size_t n) {
      View2<double> model;
      if (wants_scene) model = {scene_.data() + n * shape.rows * shape.columns, shape.rows, shape.columns};
      spectra_[n] = make_spectrum(extract_box(image_of(slit_.planes, n), plan, model), aperture.wavelength, units);
      spectra_[n].meta = keywords;
      spectra_[n].integration = exposure_.has_integrations() ? static_cast<int>(exposure_.block.first + n) + 1 : 0;
    });
  }

  ImageUnits image_units() const {
    ImageUnits units;
    units.calibrated = exposure_.meta.find_text("S_PHOTOM").value_or("") == "COMPLETE";
    units.point_source = slit_.source_type == SourceType::point;
    if (units.calibrated) {
      const auto area = slit_.meta.find_real("PIXAR_SR");
      if (!area) context_.log.warning("slit {} has no pixel area; its flux will not be right", slit_.name);
      units.pixel_area_sr = area.value_or(1.0);
    }
    return units;
  }

  /// One WCS serves for all integrations.
  void set_wcs(const SlitAperture& aperture, Spectrum& spectrum) {
    exposure_.arena->reopen();
    spectrum.wcs = spectral_wcs(*exposure_.arena, aperture.ra, aperture.dec, spectrum.wavelength);
    exposure_.arena->freeze();
    if (!spectrum.wcs.empty() && !exposure_.arena->custom_inverse(spectrum.wcs.steps[0].transform)) {
      context_.log.warning("the wavelengths of slit {} neither rise nor fall all along; the WCS of its spectrum has no way back",
                           slit_.name);
    }
  }

  /// The factors of the first integration serve for all, as in the peer.
  void correct_aperture(const SlitAperture& aperture, std::vector<Spectrum>& spectra) {
    if (!references_.apcorr || slit_.source_type != SourceType::point || spectra.empty()) return;
    const auto factors =
        context_.prepare<ApertureFactors>(index_, [&](Account&) { return aperture_factors(aperture, spectra[0]); });
    for (Spectrum& spectrum : spectra) apply_factors(spectrum, *factors);
  }

  ApertureFactors aperture_factors(const SlitAperture& aperture, const Spectrum& spectrum) const {
    const auto& row = references_.apcorr->find(exposure_.meta.text("FILTER"), exposure_.meta.text("GRATING"), slit_.name);
    double pixels_per_unit = 1.0;
    if (references_.apcorr->size_unit.starts_with("arcsec")) {
      std::vector<double> sorted = spectrum.wavelength;
      pixels_per_unit = 1.0 / pixel_scale_arcsec(*exposure_.arena, slit_, aperture, median_of(sorted));
    }
    return correction_factors(row, pixels_per_unit, spectrum.wavelength, spectrum.npixels);
  }

  void save_images(const SlitAperture& aperture, std::vector<double>& scene) {
    const PlaneShape shape = slit_.planes.shape();
    const std::string prefix = exposure_.kind == ModelKind::multi_slit ? lower(slit_.name) + "_" : "";
    const int axes = shape.integrations > 1 || exposure_.block.is_part() ? 3 : 2;
    if (config_.save_profile) {
      const PlaneShape one{1, shape.rows, shape.columns};
      context_.side_products.write(as_image(exposure_, aperture.profile.weights.data(), one, 2, context_.account),
                                   prefix + "profile");
    }
    if (config_.save_scene_model) {
      context_.side_products.write(as_image(exposure_, scene.data(), shape, axes, context_.account), prefix + "scene_model");
    }
    if (config_.save_residual_image) {
      for (std::size_t i = 0; i < scene.size(); ++i) scene[i] = slit_.planes.sci.data()[i] - scene[i];
      context_.side_products.write(as_image(exposure_, scene.data(), shape, axes, context_.account), prefix + "residual");
    }
  }

  const Exposure& exposure_;
  std::size_t index_;
  Slit& slit_;
  const Extract1dConfig& config_;
  const SlitReferences& references_;
  StepContext& context_;
  std::shared_ptr<const SlitAperture> aperture_;
  std::vector<double> scene_;
  std::vector<Spectrum> spectra_;
};

}  // namespace

const StepInfo& Extract1dStep::info() const {
  static constexpr StepInfo kInfo{"extract_1d", "S_EXTR1D", {PlaneKind::wavelength}, {}};
  return kInfo;
}

MemoryEstimate Extract1dStep::estimate(const ExposureShape&) const {
  constexpr std::size_t kReferences = 500 << 10;  // the table of aperture corrections, which stays in the cache
  constexpr std::size_t kKept = kReferences + (140 << 10);  // with the WCS of the spectra
  return {.added = kKept, .kept = kKept, .references = kReferences};
}

void Extract1dStep::read_references(References& references) const { references_of(config_, references); }

StepResult Extract1dStep::run(Exposure exposure, StepContext& context) const {
  const SlitReferences references = references_of(config_, context.references);
  if (config_.extraction_type != "box") {
    context.log.warning("optimal extraction is not available for EXP_TYPE {} (no psf reference); box extraction is done",
                        exposure.exp_type());
  }
  if (exposure.meta.find_text("S_PHOTOM").value_or("") != "COMPLETE") {
    context.log.warning("photom has not run; spectra are in DN/s");
  }

  std::vector<Spectrum> spectra;
  // Few slits at a time, as each holds the weights of its pixels until it is finished; slits differ in size, and with two for
  // each thread none has to wait long for the others.
  const std::size_t threads = context.parallel.threads(), at_once = threads > 1 ? 2 * threads : 1;
  for (std::size_t first = 0; first < exposure.slits.size(); first += at_once) {
    context.cancel.check();
    std::vector<SlitExtraction> extractions;
    for (std::size_t i = first; i < std::min(first + at_once, exposure.slits.size()); ++i) {
      Slit& slit = exposure.slits[i];
      if (slit.planes.sci.size() > 0) extractions.emplace_back(exposure, i, slit, config_, references, context);
    }
    context.parallel.for_each(extractions.size(), [&](std::size_t i) { extractions[i].measure(); });
    for (SlitExtraction& extraction : extractions) {
      for (Spectrum& spectrum : extraction.finish()) spectra.push_back(std::move(spectrum));
    }
  }
  exposure.spectra = std::move(spectra);
  exposure.slits.clear();
  exposure.kind = exposure.has_integrations() ? ModelKind::tso_multi_spec : ModelKind::multi_spec;
  exposure.meta.erase("SRCTYPE");
  return {std::move(exposure), StepStatus::complete, {}};
}

}  // namespace spec2
