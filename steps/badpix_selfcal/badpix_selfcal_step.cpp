#include "steps/badpix_selfcal/badpix_selfcal_step.hpp"

#include <algorithm>
#include <limits>

#include "core/error.hpp"
#include "datamodels/dq.hpp"
#include "steps/badpix_selfcal/outliers.hpp"

namespace spec2 {
namespace {

using badpix_selfcal::Cuts;
using badpix_selfcal::Window;

/// The window lies along the dispersion; square when that is not known.
Window window_of(const Metadata& header, std::int64_t kernel_size) {
  const auto size = static_cast<std::size_t>(kernel_size);
  switch (header.find_integer("DISPAXIS").value_or(0)) {
    case 1: return {1, size};
    case 2: return {size, 1};
    default: return {size, size};
  }
}

void require_same_shape(const Exposure& exposure, const Exposure& member) {
  if (exposure.planes.shape() == member.planes.shape()) return;
  const PlaneShape shape = member.planes.shape(), wanted = exposure.planes.shape();
  throw Error(ErrorCause::data,
              fmt::format("the member has {} x {} x {} pixels, the exposure {} x {} x {}", shape.integrations, shape.rows,
                          shape.columns, wanted.integrations, wanted.rows, wanted.columns),
              {.file = member.meta.file(), .hdu = "SCI,1", .keyword = "NAXIS"}, "Take members of the same subarray");
}

/// Flags the pixels outside the cuts and gives their number.
std::size_t flag(Planes& planes, const float* difference, const Cuts& cuts) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  std::size_t count = 0;
  for (std::size_t i = 0; i < planes.sci.size(); ++i) {
    if (!cuts.outside(difference[i])) continue;
    ++count;
    planes.dq.data()[i] |= dq::kDoNotUse | dq::kOtherBadPixel;
    for (FloatPlane* const plane : {&planes.sci, &planes.err, &planes.var_poisson, &planes.var_rnoise, &planes.var_flat}) {
      if (plane->size() > 0) plane->data()[i] = kNan;
    }
  }
  return count;
}

}  // namespace

const StepInfo& BadpixSelfcalStep::info() const {
  static constexpr StepInfo kInfo{"badpix_selfcal", "S_BPXSLF", {PlaneKind::sci, PlaneKind::dq, PlaneKind::err}, {}, false};
  return kInfo;
}

MemoryEstimate BadpixSelfcalStep::estimate(const ExposureShape& shape) const {
  constexpr std::size_t kImages = 2;
  return {.scratch = kImages * shape.image.rows * shape.image.columns * sizeof(float)};
}

StepResult BadpixSelfcalStep::run(Exposure exposure, StepContext& context) const {
  if (exposure.has_integrations()) {
    throw Error(ErrorCause::user_input, "badpix_selfcal takes images, not cubes of integrations",
                {.file = exposure.meta.file(), .keyword = "badpix_selfcal.skip"},
                "Leave the step out with --set badpix_selfcal.skip=true");
  }
  if (context.backgrounds.empty() && context.selfcals.empty() && !config_.force_single) {
    return skipped(std::move(exposure), "there is no background or selfcal exposure; force_single takes the exposure alone");
  }
  const std::size_t size = exposure.planes.sci.size();
  const PlaneShape shape = exposure.planes.shape();
  Buffer<float> minimum(context.account, size, "scratch minimum of the exposures");
  Buffer<float> difference(context.account, size, "scratch difference from the running median");
  const View2<float> minimum_view(minimum.data(), shape.rows, shape.columns),
      difference_view(difference.data(), shape.rows, shape.columns);
  std::copy_n(exposure.planes.sci.data(), size, minimum.data());
  for (const std::span<Exposure> members : {context.selfcals, context.backgrounds}) {
    for (const Exposure& member : members) {
      require_same_shape(exposure, member);
      badpix_selfcal::take_minimum(view2(member.planes.sci), minimum_view);
    }
  }
  badpix_selfcal::subtract_running_median(minimum_view, window_of(exposure.meta, config_.kernel_size), difference_view,
                                          context.parallel);
  // The minimum is not needed any more: its place serves to sort.
  const Cuts cuts =
      badpix_selfcal::quantile_cuts(difference_view, config_.flagfrac_lower, config_.flagfrac_upper, {minimum.data(), size});
  const std::size_t count = flag(exposure.planes, difference.data(), cuts);
  context.log.info("{} pixels flagged", count);
  for (std::size_t i = 0; i < context.backgrounds.size(); ++i) {
    flag(context.backgrounds[i].planes, difference.data(), cuts);
    if (config_.save_flagged_bkg) context.side_products.write(context.backgrounds[i], fmt::format("badpix_selfcal_bkg_{}", i));
  }
  return {std::move(exposure), StepStatus::complete, {}};
}

}  // namespace spec2
