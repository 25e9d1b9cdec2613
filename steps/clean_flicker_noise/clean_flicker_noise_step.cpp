#include "steps/clean_flicker_noise/clean_flicker_noise_step.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/error.hpp"
#include "datamodels/dq.hpp"
#include "steps/clean_flicker_noise/clean_image.hpp"
#include "steps/clean_flicker_noise/median_image.hpp"
#include "steps/clean_flicker_noise/side_inputs.hpp"

namespace spec2 {
namespace {

using namespace clean_flicker_noise;  // the maths of this step

/// Gains of the noise model by frequency: a full set of slits leaves less background to fit high frequencies to.
FrequencyBand band_of(const std::string& subarray) {
  return subarray == "ALLSLITS" ? FrequencyBand{150, 200, 49943, 49957} : FrequencyBand{};
}

Region region_of(const wcs::BoundingBox& box) {
  const auto pixel = [](double place) { return static_cast<std::int64_t>(std::floor(place + 0.5)); };
  return {pixel(box.low[0]), pixel(box.high[0]), pixel(box.low[1]), pixel(box.high[1])};
}

/// An image or cube with the keywords of the exposure, as the peer saves masks, backgrounds and noise.
Exposure image_like(const Exposure& exposure, std::size_t count, Account& account, std::string_view purpose) {
  const PlaneShape shape = exposure.planes.shape();
  Exposure image;
  image.kind = count > 1 ? ModelKind::cube : ModelKind::image;
  image.data_axes = count > 1 ? 3 : 2;
  image.meta = exposure.meta;
  image.planes.sci = make_plane<float>(account, {count, shape.rows, shape.columns}, purpose);
  if (count > 1) add_empty_planes(image.planes, account);
  return image;
}

class Cleaner {
 public:
  Cleaner(const CleanFlickerNoiseConfig& config, Exposure& exposure, StepContext& context)
      : config_(config), exposure_(exposure), context_(context), shape_(exposure.planes.shape()),
        single_mask_(config.single_mask && config.background_method != "median_image") {}

  /// Empty when all went well, else why the exposure stays as it was.
  std::string run() {
    prepare_settings();
    SceneMask mask = config_.user_mask ? read_user_mask(*config_.user_mask, context_.account) : make_mask();
    if (config_.save_mask) save_mask(mask);
    if (mask.rows != shape_.rows || mask.columns != shape_.columns || (mask.count != 1 && mask.count != shape_.integrations)) {
      return "the mask has another shape than the exposure";
    }
    if (config_.background_method == "median_image") {
      if (shape_.integrations < 2) return "background_method median_image needs several integrations";
      median_ = scaled_median_image(view3(exposure_.planes.sci), integration_fluxes(), context_.account);
      if (median_.empty()) return "no integration has a finite flux to scale the median image by";
    }
    return clean(mask);
  }

 private:
  void prepare_settings() {
    const Metadata& meta = exposure_.meta;
    const std::string subarray = meta.text("SUBARRAY");
    settings_.fit = config_.fit_method == "fft" ? FitMethod::fft : FitMethod::median;
    settings_.background = config_.background_method == "median"  ? BackgroundMethod::median
                           : config_.background_method == "model" ? BackgroundMethod::model
                                                                  : BackgroundMethod::none;
    if (!config_.background_box_size.empty()) {
      settings_.box = {static_cast<std::size_t>(config_.background_box_size[0]),
                       static_cast<std::size_t>(config_.background_box_size[1])};
    }
    settings_.n_sigma = config_.n_sigma;
    settings_.slow_axis = static_cast<int>(std::abs(meta.integer("SLOWAXIS")));
    settings_.by_channel = config_.fit_by_channel && subarray == "FULL";
    if (config_.fit_by_channel && !settings_.by_channel) {
      context_.log.warning("fit_by_channel is only for full frames; subarray {} is cleaned as a whole", subarray);
    }
    settings_.detector = meta.text("DETECTOR") == "NRS1" ? Detector::nrs1 : Detector::nrs2;
    settings_.band = band_of(subarray);
    if (!config_.apply_flat_field) return;
    if (const auto path = context_.references.path("flat")) {
      flat_ = read_flat(*path, meta, shape_, context_.account);
      settings_.flat = {flat_.data(), shape_.rows, shape_.columns};
    } else {
      context_.log.warning("there is no flat for {}; give one with override_flat", exposure_.exp_type());
    }
  }

  std::vector<double> integration_fluxes() {
    if (exposure_.exp_type() != "NRS_BRIGHTOBJ" || !context_.draft_spectra) return median_fluxes(view3(exposure_.planes.sci));
    std::vector<double> fluxes = white_light(context_.draft_spectra->extract(exposure_, context_));
    // Without a spectrum of each integration there is nothing to scale by.
    if (fluxes.size() != shape_.integrations) fluxes.clear();
    return fluxes;
  }

  /// One integration as it looks after the flat.
  View2<const float> flattened(std::size_t integration, Buffer<float>& place) const {
    const View2<const float> image = view3(exposure_.planes.sci)[integration];
    if (settings_.flat.empty()) return image;
    for (std::size_t i = 0; i < image.size(); ++i) place.data()[i] = image.data[i] / settings_.flat.data[i];
    return {place.data(), image.rows, image.columns};
  }

  SceneMask make_mask() const {
    const std::size_t size = shape_.rows * shape_.columns;
    SceneMask mask{Buffer<Mask>(context_.account, shape_.integrations * size, "scratch scene mask"), shape_.integrations,
                   shape_.rows, shape_.columns};
    std::fill_n(mask.values.data(), mask.values.size(), Mask{1});
    Buffer<double> values(context_.account, size, "scratch background values");
    Buffer<float> place;
    if (!settings_.flat.empty()) place = Buffer<float>(context_.account, size, "scratch image over flat");
    for (std::size_t n = 0; n < shape_.integrations; ++n) {
      const View2<Mask> plane = mask.plane(n);
      const View2<const float> image = flattened(n, place);
      if (config_.mask_science_regions) {
        for (const Slit& slit : exposure_.slits) mask_region(plane, region_of(slit.wcs.bounding_box));
        mask_flagged(view3(exposure_.planes.dq)[n], dq::kMsaFailedOpen, plane);
      }
      mask_no_data(image, plane);
      if (config_.n_sigma > 0.0) {
        clip_to_background(image, plane, {.sigma_upper = config_.n_sigma, .fit_histogram = config_.fit_histogram},
                           {values.data(), values.size()});
      }
    }
    if (!single_mask_ || mask.count == 1) return mask;
    for (std::size_t n = 1; n < mask.count; ++n) {
      for (std::size_t i = 0; i < size; ++i) mask.values.data()[i] &= mask.values.data()[n * size + i];
    }
    mask.count = 1;
    return mask;
  }

  std::string clean(SceneMask& mask) {
    const std::size_t size = shape_.rows * shape_.columns;
    CleanScratch scratch(context_.account, shape_.rows, shape_.columns, settings_);
    FloatPlane cleaned = make_plane<float>(context_.account, shape_, "scratch cleaned image");
    Buffer<Mask> working(context_.account, size, "scratch mask of one integration");
    Exposure background;
    if (config_.save_background) {
      background = image_like(exposure_, shape_.integrations, context_.account, "scratch saved background");
    }
    std::copy_n(exposure_.planes.sci.data(), shape_.size(), cleaned.data());
    for (std::size_t n = 0; n < shape_.integrations; ++n) {
      context_.cancel.check();
      std::copy_n(mask.plane(n).data, size, working.data());
      const View2<float> image = view3(cleaned)[n];
      const float* const median = median_.empty() ? nullptr : median_.data() + n * size;
      if (median) std::transform(image.data, image.data + size, median, image.data, std::minus<float>());
      const CleanOutcome outcome =
          clean_image(image, {working.data(), shape_.rows, shape_.columns}, settings_, scratch, context_.parallel);
      if (outcome == CleanOutcome::failed) {
        return fmt::format("the noise of integration {} cannot be fitted: too few background pixels", n + 1);
      }
      if (outcome == CleanOutcome::no_data) {
        context_.log.warning("integration {} has no background pixel and stays as it is", n + 1);
        std::copy_n(exposure_.planes.sci.data() + n * size, size, image.data);
        continue;
      }
      if (median) std::transform(image.data, image.data + size, median, image.data, std::plus<float>());
      if (config_.save_background) {
        std::copy_n(median ? median : scratch.background().data, size, background.planes.sci.data() + n * size);
      }
    }
    std::swap(exposure_.planes.sci, cleaned);
    if (config_.save_background) context_.side_products.write(background, "flicker_bkg");
    if (config_.save_noise) save_noise(cleaned);
    return {};
  }

  void save_mask(SceneMask& mask) {
    Exposure image = image_like(exposure_, mask.count, context_.account, "scratch saved mask");
    std::copy_n(mask.values.data(), image.planes.sci.size(), image.planes.sci.data());
    context_.side_products.write(image, "mask");
  }

  void save_noise(const FloatPlane& original) {
    Exposure image = image_like(exposure_, shape_.integrations, context_.account, "scratch saved noise");
    std::transform(exposure_.planes.sci.data(), exposure_.planes.sci.data() + shape_.size(), original.data(),
                   image.planes.sci.data(), std::minus<float>());
    context_.side_products.write(image, "flicker_noise");
  }

  const CleanFlickerNoiseConfig& config_;
  Exposure& exposure_;
  StepContext& context_;
  PlaneShape shape_;
  bool single_mask_;
  CleanSettings settings_;
  Buffer<float> flat_;
  Buffer<float> median_;  ///< by integration; empty without median_image
};

}  // namespace

const StepInfo& CleanFlickerNoiseStep::info() const {
  static constexpr StepInfo kInfo{"clean_flicker_noise", "S_CLNFNS", {PlaneKind::sci, PlaneKind::dq}, {}, false};
  return kInfo;
}

MemoryEstimate CleanFlickerNoiseStep::estimate(const ExposureShape& shape) const {
  const std::size_t image = shape.image.rows * shape.image.columns;
  const std::size_t cube = shape.image.size();
  constexpr std::size_t kFull = std::size_t{2048} * 2048;
  std::size_t bytes = image * (sizeof(float) + 2 * sizeof(double) + 2) + cube * (1 + sizeof(float));
  if (config_.fit_method == "fft") {
    bytes += image * (image == kFull ? 2 * sizeof(float) + 1 : sizeof(float) + 1 + 2 * sizeof(double));
  }
  if (config_.background_method == "median_image") {
    constexpr std::size_t kCopiedPlanes = 5;
    bytes += cube * sizeof(float);
    if (shape.exp_type == "NRS_BRIGHTOBJ") {
      bytes += 2 * kCopiedPlanes * cube * sizeof(float);  // draft spectra: a copy, and the slit cut from it
    }
  }
  if (config_.apply_flat_field) bytes += image * sizeof(float);
  const std::size_t saved_planes = shape.image.integrations > 1 ? 3 : 1;
  if (config_.save_background) bytes += saved_planes * cube * sizeof(float);
  if (config_.save_noise) bytes += saved_planes * cube * sizeof(float);
  return {.scratch = bytes};
}

StepResult CleanFlickerNoiseStep::run(Exposure exposure, StepContext& context) const {
  if (config_.autoparam) context.log.warning("autoparam has no rules for {}; the parameters given are used", exposure.exp_type());
  const std::string problem = Cleaner(config_, exposure, context).run();
  if (problem.empty()) return {std::move(exposure), StepStatus::complete, {}};
  context.log.error("{}; the exposure stays as it is", problem);
  return {std::move(exposure), StepStatus::failed, problem};
}

}  // namespace spec2
