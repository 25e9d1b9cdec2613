#include "steps/photom/flux_calibration.hpp"

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "core/math/interpolation.hpp"
#include "core/processor_clones.hpp"
#include "datamodels/dq.hpp"

namespace spec2::photom {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

SPEC2_CLONES void multiply(float* __restrict values, const std::vector<double>& by) {
  for (std::size_t x = 0; x < by.size(); ++x) values[x] = static_cast<float>(values[x] * by[x]);
}

SPEC2_CLONES void divide(float* __restrict values, const std::vector<double>& by) {
  for (std::size_t x = 0; x < by.size(); ++x) values[x] = static_cast<float>(values[x] / by[x]);
}

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
  std::vector<double> factor(shape.columns), squared(shape.columns);
  std::vector<std::uint32_t> flagged(shape.columns);
  std::size_t hint = 0;
  const auto scale = [&](FloatPlane& plane, std::size_t n, std::size_t y, const std::vector<double>& by) {
    if (plane.size() == 0) return;
    float* const values = view3(plane)[n].row(y);
    if (inverse) divide(values, by);
    else multiply(values, by);
  };
  for (std::size_t y = 0; y < shape.rows; ++y) {
    for (std::size_t x = 0; x < shape.columns; ++x) {
      const double micron = std::isnan(wavelength.row(y)[x]) ? -1.0 : wavelength.row(y)[x];
      const double response = interpolate(row.wavelength_um, row.response, micron, kNaN, kNaN, hint);
      flagged[x] = std::isnan(response) ? dq::kDoNotUse : 0u;
      factor[x] = std::isnan(response) ? 0.0 : conversion * response;
      squared[x] = factor[x] * factor[x];
    }
    for (std::size_t n = 0; n < shape.integrations; ++n) {
      scale(planes.sci, n, y, factor);
      scale(planes.err, n, y, factor);
      scale(planes.var_poisson, n, y, squared);
      scale(planes.var_rnoise, n, y, squared);
      scale(planes.var_flat, n, y, squared);
      std::uint32_t* const flags = view3(planes.dq)[n].row(y);
      for (std::size_t x = 0; x < shape.columns; ++x) flags[x] |= flagged[x];
    }
  }
}

}  // namespace spec2::photom
