#include "steps/resample_spec/tangent_plane.hpp"

#include <numbers>

namespace spec2::resample_spec {
namespace {
constexpr double kDegree = std::numbers::pi / 180.0;
}

TangentPlane::TangentPlane(double lon_deg, double lat_deg)
    : lon_deg_(lon_deg), lat_deg_(lat_deg), sin_lat_(std::sin(lat_deg * kDegree)), cos_lat_(std::cos(lat_deg * kDegree)) {}

void TangentPlane::project(std::span<double> ra_to_x, std::span<double> dec_to_y) const {
  for (std::size_t i = 0; i < ra_to_x.size(); ++i) {
    const double lon = (ra_to_x[i] - lon_deg_) * kDegree, lat = dec_to_y[i] * kDegree;
    const double sin_lat = std::sin(lat), cos_lat = std::cos(lat);
    // 1 - cos(lon) from half the angle: offsets are arcseconds, where the cosine has lost its digits.
    const double half = std::sin(0.5 * lon), versine = 2.0 * half * half;
    const double along = cos_lat_ * cos_lat, across = sin_lat_ * sin_lat;
    const double depth = across + along * (1.0 - versine);
    const double north = std::sin((dec_to_y[i] - lat_deg_) * kDegree) + sin_lat_ * cos_lat * versine;
    ra_to_x[i] = cos_lat * std::sin(lon) / depth / kDegree;
    dec_to_y[i] = north / depth / kDegree;
  }
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
