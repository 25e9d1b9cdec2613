#include "steps/bkg_subtract/bkg_subtract_step.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "steps/bkg_subtract/background_rows.hpp"
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

/// `shape` is that of the background.
bkg_subtract::BackgroundImage background_image(const Exposure& science, const Exposure& background, const PlaneShape& shape) {
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

/// Subtracts the row of the mean from that row of every integration.
void subtract(Planes& planes, std::size_t y, const bkg_subtract::MeanRow& row) {
  const View3<float> sci = view3(planes.sci);
  const View3<std::uint32_t> dq = view3(planes.dq);
  for (std::size_t n = 0; n < sci.count; ++n) {
    float* const values = sci[n].row(y);
    std::uint32_t* const flags = dq[n].row(y);
    for (std::size_t x = 0; x < row.mean.size(); ++x) values[x] -= row.mean[x];
    for (std::size_t x = 0; x < row.mean.size(); ++x) flags[x] |= row.dq[x];
  }
}

/// An image with the header of the exposure and no values yet.
Exposure empty_mean(const Exposure& exposure, Account& account) {
  const PlaneShape shape{1, exposure.planes.shape().rows, exposure.planes.shape().columns};
  Exposure mean;
  mean.meta = exposure.meta;
  mean.planes.sci = make_plane<float>(account, shape, "scratch mean background");
  mean.planes.err = make_plane<float>(account, shape, "scratch mean background error");
  mean.planes.dq = make_plane<std::uint32_t>(account, shape, "scratch mean background DQ");
  return mean;
}

void keep(Exposure& mean, std::size_t y, const bkg_subtract::MeanRow& row) {
  std::ranges::copy(row.mean, view2(mean.planes.sci).row(y));
  std::ranges::copy(row.error, view2(mean.planes.err).row(y));
  std::ranges::copy(row.dq, view2(mean.planes.dq).row(y));
}

}  // namespace

const StepInfo& BkgSubtractStep::info() const {
  static constexpr StepInfo kInfo{"bkg_subtract", "S_BKDSUB", {PlaneKind::sci, PlaneKind::dq, PlaneKind::err}, {}};
  return kInfo;
}

MemoryEstimate BkgSubtractStep::estimate(const ExposureShape& shape) const {
  constexpr std::size_t kMeanPlanes = 3;
  MemoryEstimate estimate;
  if (shape.backgrounds_by_rows) {
    estimate.scratch = shape.threads * bkg_subtract::BackgroundRows::bytes(shape.backgrounds, shape.image.columns);
  }
  if (config_.save_combined_background) estimate.scratch += kMeanPlanes * shape.image.rows * shape.image.columns * sizeof(float);
  return estimate;
}

StepResult BkgSubtractStep::run(Exposure exposure, StepContext& context) const {
  if (context.backgrounds.empty()) return skipped(std::move(exposure), "there is no background exposure");
  std::vector<bkg_subtract::BackgroundMember> members;
  for (const Exposure& background : context.backgrounds) {
    if (exposure.meta.find_text("INSTRUME").value_or("") == "NIRSPEC" && !same_tilt(exposure, background)) {
      context.log.warning("the tilt of the grating wheel of {} (GWA_XTIL, GWA_YTIL) differs; no background is subtracted",
                          background.meta.file());
      return skipped(std::move(exposure), "the tilt of the grating wheel (GWA_XTIL, GWA_YTIL) of a background differs");
    }
    const bool is_held = background.planes.has(PlaneKind::sci);
    io::ExposureFile* const file = is_held ? nullptr : &context.background_files[members.size()];
    members.push_back({background_image(exposure, background, is_held ? background.planes.shape() : file->shape()), file});
  }
  const auto rounds = static_cast<std::size_t>(std::max<std::int64_t>(config_.maxiters.value_or(0), 0));
  std::optional<Exposure> mean;
  if (config_.save_combined_background) mean = empty_mean(exposure, context.account);
  // Row by row: the mean of the whole image is kept only when it is wanted.
  const PlaneShape shape = exposure.planes.shape();
  const std::size_t rows_at_once = bkg_subtract::BackgroundRows::rows_at_once(members.size(), shape.columns);
  context.parallel.for_blocks(shape.rows, rows_at_once, [&](std::size_t first, std::size_t last) {
    bkg_subtract::BackgroundRows held(members, rows_at_once, context.account);
    const bkg_subtract::Backgrounds backgrounds{held.hold(first, last), exposure.has_integrations(), {config_.sigma, rounds}};
    bkg_subtract::MeanRow row(shape.columns);
    for (std::size_t y = first; y < last; ++y) {
      make_mean_row(backgrounds, y, row);
      subtract(exposure.planes, y, row);
      if (mean) keep(*mean, y, row);
    }
  });
  if (mean) context.side_products.write(*mean, "combinedbackground");
  return {std::move(exposure), StepStatus::complete, {}};
}

}  // namespace spec2
