#include "steps/extract_1d/extract_1d_step.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>

#include "core/math/sigma_clip.hpp"
#include "datamodels/invalid_pixels.hpp"
#include "datamodels/schema/primary_keywords.hpp"
#include "datamodels/wavelengths.hpp"
#include "steps/extract_1d/aperture.hpp"
#include "steps/extract_1d/aperture_correction.hpp"
#include "steps/extract_1d/box_extraction.hpp"
#include "steps/extract_1d/integration_times.hpp"
#include "steps/extract_1d/source_location.hpp"
#include "steps/extract_1d/spectral_wcs.hpp"
#include "steps/extract_1d/spectrum_units.hpp"
#include "wcs/mapper.hpp"

namespace spec2 {
namespace {

using namespace extract_1d;  // the maths of this step

struct SlitReferences {
  const Extract1dReference* extract = nullptr;
  const SlitApcorrReference* apcorr = nullptr;
};

/// What is known of a slit's aperture before its pixels are summed.
struct SlitAperture {
  BoxProfile profile;
  std::vector<double> background_weights;
  ApertureSettings settings;
  std::vector<double> wavelength;  ///< micron, mean over the aperture of each column; NaN without one
  double ra = 0.0, dec = 0.0;      ///< of the middle of the aperture; NaN when the WCS gives none
  std::size_t first_column = 0, last_column = 0;
  bool is_empty = true;
};

/// Of each element of a spectrum, for the loss of light outside the aperture.
using ApertureFactors = std::vector<double>;

/// The wavelength plane, or the WCS where there is none.
std::vector<double> slit_wavelengths(const Slit& slit, const wcs::Arena& arena, const PlaneShape& shape) {
  std::vector<double> values(shape.rows * shape.columns);
  const FloatPlane& plane = slit.planes.wavelength;
  const bool filled = plane.size() == values.size() &&
                      std::any_of(plane.storage().begin(), plane.storage().end(), [](float v) { return v != 0.0f; });
  if (filled) {
    std::copy_n(plane.data(), values.size(), values.begin());
  } else {
    wcs::Scratch scratch;
    const std::array<View2<double>, 1> out = {View2<double>(values.data(), shape.rows, shape.columns)};
    wavelength_mapper(arena, slit.wcs).grid(scratch, 0.0, 0.0, shape.columns, shape.rows, out);
  }
  return values;
}

/// Mean wavelength of each column with the weights of the profile.
std::vector<double> column_wavelengths(const BoxProfile& profile, View2<const double> wavelength) {
  std::vector<double> sum(wavelength.columns, 0.0), weights(wavelength.columns, 0.0);
  for (std::size_t y = 0; y < wavelength.rows; ++y) {
    for (std::size_t x = 0; x < wavelength.columns; ++x) {
      const double weight = profile.weights[y * wavelength.columns + x];
      if (std::isnan(wavelength(y, x)) || !(weight > 0.0)) continue;
      sum[x] += wavelength(y, x) * weight;
      weights[x] += weight;
    }
  }
  for (std::size_t x = 0; x < sum.size(); ++x) {
    sum[x] = weights[x] > 0.0 ? sum[x] / weights[x] : std::numeric_limits<double>::quiet_NaN();
  }
  return sum;
}

/// Sky position of the weighted middle of the aperture.
void set_sky_position(SlitAperture& aperture, const wcs::Arena& arena, const Slit& slit, const PlaneShape& shape) {
  double sum = 0.0, x_sum = 0.0, y_sum = 0.0;
  for (std::size_t y = 0; y < shape.rows; ++y) {
    for (std::size_t x = 0; x < shape.columns; ++x) {
      const double weight = std::max(aperture.profile.weights[y * shape.columns + x], 0.0);
      sum += weight;
      x_sum += weight * static_cast<double>(x);
      y_sum += weight * static_cast<double>(y);
    }
  }
  const double x = sum > 0.0 ? x_sum / sum : (static_cast<double>(shape.columns) - 1.0) / 2.0;
  const double y = sum > 0.0 ? y_sum / sum : (static_cast<double>(shape.rows) - 1.0) / 2.0;
  wcs::Scratch scratch;
  const auto sky = wcs::Mapper::forward(arena, slit.wcs).point(scratch, {x, y});
  const bool known = !std::isnan(sky[0]) && !std::isnan(sky[1]) && !std::isnan(sky[2]);
  aperture.ra = known ? sky[0] : std::numeric_limits<double>::quiet_NaN();
  aperture.dec = known ? sky[1] : std::numeric_limits<double>::quiet_NaN();
}

SlitAperture define_aperture(const Slit& slit, const wcs::Arena& arena, const ApertureSettings& settings, const Log& log) {
  const PlaneShape shape = slit.planes.shape();
  std::vector<double> values = slit_wavelengths(slit, arena, shape);
  const View2<const double> wavelength(values.data(), shape.rows, shape.columns);
  SlitAperture aperture;
  aperture.settings = settings;
  std::vector<double> trace;
  if (settings.use_source_position) {
    if (auto location = source_location(arena, slit.wcs, shape.columns, slit.source_xpos, slit.source_ypos)) {
      const BoxProfile nominal = box_profile(settings, Region::source, wavelength, {});
      shift_aperture(aperture.settings,
                     location->row - column_center(nominal, shape.rows, shape.columns, location->middle_column));
      trace = std::move(location->trace);
    } else {
      log.warning("the position of the source in slit {} is not known from the WCS; the aperture stays in its nominal place",
                  slit.name);
    }
  }
  if (settings.position_offset != 0.0) {
    shift_aperture(aperture.settings, settings.position_offset);
    for (double& row : trace) row += settings.position_offset;
  }
  aperture.profile = box_profile(aperture.settings, Region::source, wavelength, trace);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) aperture.profile.weights[i] = 0.0;
  }
  for (std::size_t x = 0; x < shape.columns; ++x) {
    double sum = 0.0;
    for (std::size_t y = 0; y < shape.rows; ++y) sum += aperture.profile.weights[y * shape.columns + x];
    if (!(sum > 0.0)) continue;
    if (aperture.is_empty) aperture.first_column = x;
    aperture.last_column = x;
    aperture.is_empty = false;
  }
  if (aperture.settings.subtract_background && aperture.settings.background_limits) {
    aperture.background_weights = box_profile(aperture.settings, Region::background, wavelength, {}).weights;
  }
  aperture.wavelength = column_wavelengths(aperture.profile, wavelength);
  set_sky_position(aperture, arena, slit, shape);
  return aperture;
}

/// Size of a pixel across the dispersion at the middle of the aperture, arcsec.
double pixel_scale_arcsec(const wcs::Arena& arena, const Slit& slit, const SlitAperture& aperture, double wavelength) {
  wcs::Scratch scratch;
  wcs::Wcs unbounded = slit.wcs;
  unbounded.bounding_box = {};
  const auto pixel = wcs::Mapper::inverse(arena, slit.wcs).point(scratch, {aperture.ra, aperture.dec, wavelength});
  const wcs::Mapper forward = wcs::Mapper::forward(arena, unbounded);
  const auto here = forward.point(scratch, {pixel[0], pixel[1]}), next = forward.point(scratch, {pixel[0], pixel[1] + 1.0});
  constexpr double kDegree = std::numbers::pi / 180.0;
  const double dec_step = (next[1] - here[1]) * kDegree;
  const double ra_step = (next[0] - here[0]) * kDegree;
  const double half = std::sin(dec_step / 2) * std::sin(dec_step / 2) +
                      std::cos(here[1] * kDegree) * std::cos(next[1] * kDegree) * std::sin(ra_step / 2) * std::sin(ra_step / 2);
  return 2.0 * std::asin(std::sqrt(half)) / kDegree * 3600.0;
}

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
  image.planes.sci = make_plane<float>(account, shape, "saved image");
  std::transform(values, values + shape.size(), image.planes.sci.data(), [](double value) { return static_cast<float>(value); });
  if (axes == 3) add_empty_planes(image.planes, account);
  return image;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// Extracts one slit: `measure` looks at nothing else, so that slits are measured at the same time; `finish` adds to the arena
/// and writes images to be saved.
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
    const auto settings =
        aperture_settings(references_.extract, config_, slit_.name, order, shape.rows, shape.columns, is_point, knows_position);
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
  // The table of aperture corrections, which stays in the cache, and the WCS of the spectra.
  constexpr std::size_t kTables = 640 << 10;
  return {.added = kTables, .kept = kTables};
}

StepResult Extract1dStep::run(Exposure exposure, StepContext& context) const {
  const auto extract_path = context.references.path("extract1d");
  const auto apcorr_path = config_.apply_apcorr ? context.references.path("apcorr") : std::nullopt;
  if (config_.extraction_type != "box") {
    context.log.warning("optimal extraction is not available for EXP_TYPE {} (no psf reference); box extraction is done",
                        exposure.exp_type());
  }
  ReferenceCache::Pin<Extract1dReference> extract;
  ReferenceCache::Pin<SlitApcorrReference> apcorr;
  if (extract_path) extract = context.references.cache().get<Extract1dReference>(*extract_path, "", read_extract1d);
  if (apcorr_path) apcorr = context.references.cache().get<SlitApcorrReference>(*apcorr_path, "", read_slit_apcorr);
  if (exposure.meta.find_text("S_PHOTOM").value_or("") != "COMPLETE") {
    context.log.warning("photom has not run; spectra are in DN/s");
  }

  std::vector<Spectrum> spectra;
  const SlitReferences references{extract.get(), apcorr.get()};
  // As many slits at a time as there are threads: each holds the weights of its pixels until it is finished.
  const std::size_t at_once = context.parallel.threads();
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
