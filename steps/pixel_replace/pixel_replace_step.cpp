#include "steps/pixel_replace/pixel_replace_step.hpp"

#include <algorithm>
#include <vector>

#include "steps/pixel_replace/replaceable_image.hpp"
#include "steps/pixel_replace/trace_model.hpp"

namespace spec2 {
namespace {

/// The trace of a slit; of several integrations that of their median.
std::vector<float> fit_trace(const Slit& slit, const Exposure& exposure, Account& account) {
  const PlaneShape shape = slit.planes.shape();
  const auto settings =
      pixel_replace::TraceSettings::of(exposure.meta.text("DETECTOR"), exposure.meta.find_text("GRATING").value_or(""));
  const auto position = pixel_replace::slit_positions(*exposure.arena, slit.wcs, shape.rows, shape.columns);
  if (shape.integrations == 1) {
    return pixel_replace::trace_model(view2(slit.planes.sci), view2(slit.planes.err), position, settings);
  }
  const PlaneShape image{1, shape.rows, shape.columns};
  FloatPlane flux = make_plane<float>(account, image, "scratch median image");
  FloatPlane error = make_plane<float>(account, image, "scratch median error");
  pixel_replace::median_image(view3(slit.planes.sci), view2(flux));
  pixel_replace::median_image(view3(slit.planes.err), view2(error));
  return pixel_replace::trace_model(view2(std::as_const(flux)), view2(std::as_const(error)), position, settings);
}

}  // namespace

const StepInfo& PixelReplaceStep::info() const {
  static constexpr StepInfo kInfo{"pixel_replace", "S_PXREPL", {PlaneKind::sci, PlaneKind::dq, PlaneKind::err}, {}, false};
  return kInfo;
}

MemoryEstimate PixelReplaceStep::estimate(const ExposureShape& shape) const {
  MemoryEstimate estimate;
  if (config_.algorithm != "trace_model") return estimate;
  std::vector<std::size_t> sizes;
  for (const PlaneShape& slit : shape.slits) {
    const std::size_t plane = slit.rows * slit.columns * sizeof(float);
    estimate.added += plane;
    if (slit.integrations > 1) sizes.push_back(2 * plane);
  }
  std::sort(sizes.rbegin(), sizes.rend());
  for (std::size_t i = 0; i < std::min(sizes.size(), shape.threads); ++i) estimate.scratch += sizes[i];
  return estimate;
}

StepResult PixelReplaceStep::run(Exposure exposure, StepContext& context) const {
  if (config_.algorithm == "trace_model") {
    context.parallel.for_each(exposure.slits.size(), [&](std::size_t i) {
      Slit& slit = exposure.slits[i];
      const std::vector<float> trace = fit_trace(slit, exposure, context.account);
      slit.planes.trace_model = make_plane<float>(context.account, shape_of(slit.planes.wavelength), "plane TRACEMODEL");
      std::copy(trace.begin(), trace.end(), slit.planes.trace_model.data());
    });
    exposure.meta.set("S_TRCMOD", "COMPLETE");
  }
  const auto neighbours = static_cast<std::size_t>(std::max<std::int64_t>(config_.n_adjacent_cols, 0));
  for (Slit& slit : exposure.slits) {
    const std::size_t integrations = slit.planes.sci.shape(0);
    std::vector<std::size_t> replaced(integrations);
    context.parallel.for_each(integrations, [&](std::size_t n) {
      const auto image = pixel_replace::ReplaceableImage::of(slit.planes, n);
      const std::size_t before = pixel_replace::count_estimated(image);
      if (config_.algorithm == "fit_profile") {
        pixel_replace::fit_profile(image, neighbours);
      } else {
        if (config_.algorithm == "trace_model") {
          pixel_replace::replace_by_trace(image, view2(std::as_const(slit.planes.trace_model)));
        }
        pixel_replace::mingrad(image);
      }
      replaced[n] = pixel_replace::count_estimated(image) - before;
    });
    std::size_t total = 0;
    for (const std::size_t count : replaced) total += count;
    context.log.info("slit {}: {} pixels replaced", slit.name, total);
  }
  return {std::move(exposure), StepStatus::complete, {}};
}

}  // namespace spec2
