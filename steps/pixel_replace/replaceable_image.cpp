#include "steps/pixel_replace/replaceable_image.hpp"

#include <cmath>

#include "datamodels/dq.hpp"

namespace spec2::pixel_replace {

ReplaceableImage ReplaceableImage::of(Planes& planes, std::size_t integration) {
  const auto part = [&](FloatPlane& plane) {
    return plane.size() == planes.sci.size() ? view3(plane)[integration] : View2<float>();
  };
  return {view3(planes.sci)[integration], view3(planes.err)[integration],
          {part(planes.var_poisson), part(planes.var_rnoise), part(planes.var_flat)}, view3(planes.dq)[integration]};
}

std::size_t count_estimated(const ReplaceableImage& image) {
  std::size_t count = 0;
  for (std::size_t y = 0; y < image.sci.rows; ++y) {
    for (std::size_t x = 0; x < image.sci.columns; ++x) {
      if ((image.dq(y, x) & dq::kFluxEstimated) != 0 && std::isfinite(image.sci(y, x))) ++count;
    }
  }
  return count;
}

}  // namespace spec2::pixel_replace
