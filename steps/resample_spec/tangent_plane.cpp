#include "steps/resample_spec/tangent_plane.hpp"

#include <numbers>

#include "core/math/angles.hpp"
#include "core/processor_clones.hpp"

namespace spec2::resample_spec {
namespace {

constexpr double kDegree = std::numbers::pi / 180.0;

struct Place {
  double lon_deg, lat_deg, sin_lat, cos_lat;
};

SPEC2_CLONES void project_onto(const Place& touched, double* ra_to_x, double* dec_to_y, std::size_t count) {
  const auto [lon_deg, lat_deg, sin_touched, cos_touched] = touched;
#pragma GCC ivdep
  for (std::size_t i = 0; i < count; ++i) {
    const SineCosine lat = sine_cosine_deg(dec_to_y[i]), half = sine_cosine_deg(0.5 * (ra_to_x[i] - lon_deg));
    // 1 - cos(lon) from half the angle: offsets are arcseconds, where the cosine has lost its digits.
    const double versine = 2.0 * half.sine * half.sine, sine = 2.0 * half.sine * half.cosine;
    const double along = cos_touched * lat.cosine, across = sin_touched * lat.sine;
    const double depth = across + along * (1.0 - versine);
    const double north = sine_cosine_deg(dec_to_y[i] - lat_deg).sine + sin_touched * lat.cosine * versine;
    ra_to_x[i] = lat.cosine * sine / depth / kDegree;
    dec_to_y[i] = north / depth / kDegree;
  }
}

}  // namespace

TangentPlane::TangentPlane(double lon_deg, double lat_deg)
    : lon_deg_(lon_deg), lat_deg_(lat_deg), sin_lat_(std::sin(lat_deg * kDegree)), cos_lat_(std::cos(lat_deg * kDegree)) {}

void TangentPlane::project(std::span<double> ra_to_x, std::span<double> dec_to_y) const {
  project_onto({lon_deg_, lat_deg_, sin_lat_, cos_lat_}, ra_to_x.data(), dec_to_y.data(), ra_to_x.size());
}

std::array<double, 2> TangentPlane::sky(double x_deg, double y_deg) const {
  const double x = x_deg * kDegree, y = y_deg * kDegree;
  const double depth = cos_lat_ - y * sin_lat_;
  double ra = lon_deg_ + std::atan2(x, depth) / kDegree;
  const double dec = std::atan2(sin_lat_ + y * cos_lat_, std::hypot(x, depth)) / kDegree;
  ra = std::fmod(ra, 360.0);
  if (ra < 0.0) ra += 360.0;
  return {ra, dec};
}

}  // namespace spec2::resample_spec
