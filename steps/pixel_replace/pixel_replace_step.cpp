#include "steps/pixel_replace/pixel_replace_step.hpp"

#include <algorithm>

#include "steps/pixel_replace/replaceable_image.hpp"

namespace spec2 {

const StepInfo& PixelReplaceStep::info() const {
  static constexpr StepInfo kInfo{"pixel_replace", "S_PXREPL", {PlaneKind::sci, PlaneKind::dq, PlaneKind::err}, {}, false};
  return kInfo;
}

StepResult PixelReplaceStep::run(Exposure exposure, StepContext& context) const {
  if (config_.algorithm != "fit_profile" && config_.algorithm != "mingrad") {
    throw Error(ErrorCause::user_input, fmt::format("algorithm {} of pixel_replace is not part of spec2", config_.algorithm),
                {.keyword = "pixel_replace.algorithm"}, "Use fit_profile or mingrad");
  }
  const auto neighbours = static_cast<std::size_t>(std::max<std::int64_t>(config_.n_adjacent_cols, 0));
  for (Slit& slit : exposure.slits) {
    const std::size_t integrations = slit.planes.sci.shape(0);
    std::vector<std::size_t> replaced(integrations);
    context.parallel.for_each(integrations, [&](std::size_t n) {
      const auto image = pixel_replace::ReplaceableImage::of(slit.planes, n);
      const std::size_t before = pixel_replace::count_estimated(image);
      if (config_.algorithm == "mingrad") pixel_replace::mingrad(image);
      else pixel_replace::fit_profile(image, neighbours);
      replaced[n] = pixel_replace::count_estimated(image) - before;
    });
    std::size_t total = 0;
    for (const std::size_t count : replaced) total += count;
    context.log.info("slit {}: {} pixels replaced", slit.name, total);
  }
  return {std::move(exposure), StepStatus::complete, {}};
}

}  // namespace spec2
