#include "steps/photom/flux_calibration.hpp"

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "core/math/interpolation.hpp"
#include "datamodels/dq.hpp"

namespace spec2::photom {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void fill_conversion(const PhotomReference::Row& row, double conversion, View2<const float> wavelength_um, View2<float> out) {
  std::size_t hint = 0;
  for (std::size_t y = 0; y < out.rows; ++y) {
    for (std::size_t x = 0; x < out.columns; ++x) {
      const double response = interpolate(row.wavelength_um, row.response, wavelength_um.row(y)[x], kNaN, kNaN, hint);
      out.row(y)[x] = std::isnan(response) ? 0.0f : static_cast<float>(conversion * response);
    }
  }
}

void apply_response(Planes& planes, const PhotomReference::Row& row, double conversion, bool inverse) {
  const View2<const float> wavelength = view2(std::as_const(planes.wavelength));
  const PlaneShape shape = planes.shape();
  std::vector<double> factor(shape.columns);
  std::vector<char> covered(shape.columns);
  std::size_t hint = 0;
  const auto scale = [&](FloatPlane& plane, std::size_t n, std::size_t y, bool squared) {
    if (plane.size() == 0) return;
    float* const values = view3(plane)[n].row(y);
    for (std::size_t x = 0; x < shape.columns; ++x) {
      const double by = squared ? factor[x] * factor[x] : factor[x];
      values[x] = static_cast<float>(inverse ? values[x] / by : values[x] * by);
    }
  };
  for (std::size_t y = 0; y < shape.rows; ++y) {
    for (std::size_t x = 0; x < shape.columns; ++x) {
      const double micron = std::isnan(wavelength.row(y)[x]) ? -1.0 : wavelength.row(y)[x];
      const double response = interpolate(row.wavelength_um, row.response, micron, kNaN, kNaN, hint);
      covered[x] = std::isnan(response) ? 0 : 1;
      factor[x] = covered[x] ? conversion * response : 0.0;
    }
    for (std::size_t n = 0; n < shape.integrations; ++n) {
      scale(planes.sci, n, y, false);
      scale(planes.err, n, y, false);
      scale(planes.var_poisson, n, y, true);
      scale(planes.var_rnoise, n, y, true);
      scale(planes.var_flat, n, y, true);
      std::uint32_t* const flags = view3(planes.dq)[n].row(y);
      for (std::size_t x = 0; x < shape.columns; ++x) flags[x] |= covered[x] ? 0u : dq::kDoNotUse;
    }
  }
}

}  // namespace spec2::photom
