#include "steps/bkg_subtract/bkg_subtract_step.hpp"

#include <algorithm>
#include <cmath>

#include "steps/bkg_subtract/mean_background.hpp"

namespace spec2 {
namespace {

/// Pixels of the detector that an image covers, 0-based, ends excluded.
struct Subarray {
  std::int64_t x_low, x_high, y_low, y_high;
};

Subarray subarray_of(const Metadata& header, const PlaneShape& shape) {
  if (!header.has("SUBSTRT1") || !header.has("SUBSTRT2")) {
    constexpr std::size_t kDetector = 2048;
    if (shape.rows != kDetector || shape.columns != kDetector) {
      throw Error(ErrorCause::data, "the place of the subarray is not in the header",
                  {.file = header.file(), .keyword = "SUBSTRT1"}, "Set SUBSTRT1 and SUBSTRT2");
    }
    return {0, kDetector, 0, kDetector};
  }
  const std::int64_t x = header.integer("SUBSTRT1") - 1, y = header.integer("SUBSTRT2") - 1;
  return {x, x + static_cast<std::int64_t>(shape.columns), y, y + static_cast<std::int64_t>(shape.rows)};
}

bkg_subtract::BackgroundImage background_image(const Exposure& science, const Exposure& background) {
  const PlaneShape shape = background.planes.shape();
  if (science.has_integrations() != background.has_integrations()) {
    throw Error(ErrorCause::data, "the background has integrations and the exposure has none, or the other way round",
                {.file = background.meta.file(), .hdu = "SCI,1", .keyword = "NAXIS"},
                "Take rate with rate files and rateints with rateints files");
  }
  const Subarray ours = subarray_of(science.meta, science.planes.shape());
  const Subarray theirs = subarray_of(background.meta, shape);
  bkg_subtract::BackgroundImage image{view3(background.planes.sci), view3(background.planes.err), view3(background.planes.dq)};
  const std::int64_t x_low = std::max(ours.x_low, theirs.x_low), x_high = std::min(ours.x_high, theirs.x_high);
  const std::int64_t y_low = std::max(ours.y_low, theirs.y_low), y_high = std::min(ours.y_high, theirs.y_high);
  if (x_high <= x_low || y_high <= y_low) return image;
  image.first_column = static_cast<std::size_t>(x_low - theirs.x_low);
  image.first_row = static_cast<std::size_t>(y_low - theirs.y_low);
  image.columns = static_cast<std::size_t>(x_high - x_low);
  image.rows = static_cast<std::size_t>(y_high - y_low);
  return image;
}

/// Wavelengths shift with the tilt of the grating wheel: exposures with another tilt show another background.
bool same_tilt(const Exposure& a, const Exposure& b) {
  constexpr double kTolerance = 1e-8;
  return std::abs(a.meta.real("GWA_XTIL") - b.meta.real("GWA_XTIL")) <= kTolerance &&
         std::abs(a.meta.real("GWA_YTIL") - b.meta.real("GWA_YTIL")) <= kTolerance;
}

void subtract(Planes& planes, const FloatPlane& mean, const DqPlane& dq, const Parallel& parallel) {
  constexpr std::size_t kValues = std::size_t{64} << 10;
  const std::size_t size = mean.size();
  for (std::size_t n = 0; n < planes.sci.shape(0); ++n) {
    float* const sci = planes.sci.data() + n * size;
    std::uint32_t* const flags = planes.dq.data() + n * size;
    parallel.for_blocks(size, kValues, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) {
        sci[i] -= mean.data()[i];
        flags[i] |= dq.data()[i];
      }
    });
  }
}

}  // namespace

const StepInfo& BkgSubtractStep::info() const {
  static constexpr StepInfo kInfo{"bkg_subtract", "S_BKDSUB", {PlaneKind::sci, PlaneKind::dq, PlaneKind::err}, {}};
  return kInfo;
}

MemoryEstimate BkgSubtractStep::estimate(const ExposureShape& shape) const {
  constexpr std::size_t kMeanPlanes = 3;
  return {.scratch = kMeanPlanes * shape.image.rows * shape.image.columns * sizeof(float)};
}

StepResult BkgSubtractStep::run(Exposure exposure, StepContext& context) const {
  if (context.backgrounds.empty()) return skipped(std::move(exposure), "there is no background exposure");
  std::vector<bkg_subtract::BackgroundImage> images;
  for (const Exposure& background : context.backgrounds) {
    if (exposure.meta.find_text("INSTRUME").value_or("") == "NIRSPEC" && !same_tilt(exposure, background)) {
      context.log.warning("the tilt of the grating wheel of {} (GWA_XTIL, GWA_YTIL) differs; no background is subtracted",
                          background.meta.file());
      return skipped(std::move(exposure), "the tilt of the grating wheel (GWA_XTIL, GWA_YTIL) of a background differs");
    }
    images.push_back(background_image(exposure, background));
  }
  const PlaneShape shape{1, exposure.planes.shape().rows, exposure.planes.shape().columns};
  Exposure mean;
  mean.meta = exposure.meta;
  mean.planes.sci = make_plane<float>(context.account, shape, "scratch mean background");
  mean.planes.err = make_plane<float>(context.account, shape, "scratch mean background error");
  mean.planes.dq = make_plane<std::uint32_t>(context.account, shape, "scratch mean background DQ");
  const auto rounds = static_cast<std::size_t>(std::max<std::int64_t>(config_.maxiters.value_or(0), 0));
  bkg_subtract::mean_background(images, exposure.has_integrations(), {config_.sigma, rounds}, view2(mean.planes.sci),
                                view2(mean.planes.err), view2(mean.planes.dq), context.parallel);
  subtract(exposure.planes, mean.planes.sci, mean.planes.dq, context.parallel);
  if (config_.save_combined_background) context.side_products.write(mean, "combinedbackground");
  return {std::move(exposure), StepStatus::complete, {}};
}

}  // namespace spec2
