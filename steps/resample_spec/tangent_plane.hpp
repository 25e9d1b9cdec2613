#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace spec2::resample_spec {

/// The plane that touches the sky at a point: offsets in degrees, x to the east and y to the north. NaN gives NaN.
/// Same plane as Pix2Sky_TAN | RotateNative2Celestial(lon, lat, 180) of astropy.modeling.
/// Source: Calabretta and Greisen 2002, A&A 395, 1077, section 5.1.3.
class TangentPlane {
 public:
  TangentPlane(double lon_deg, double lat_deg);

  double lon_deg() const noexcept { return lon_deg_; }
  double lat_deg() const noexcept { return lat_deg_; }

  /// Right ascension and declination become x and y, in place.
  void project(std::span<double> ra_to_x, std::span<double> dec_to_y) const;
  /// Right ascension (0 to 360) and declination of an offset.
  std::array<double, 2> sky(double x_deg, double y_deg) const;

 private:
  double lon_deg_, lat_deg_, sin_lat_, cos_lat_;
};

}  // namespace spec2::resample_spec
