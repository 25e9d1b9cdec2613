#include "steps/extract_1d/slit_aperture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "datamodels/wavelengths.hpp"
#include "steps/extract_1d/source_location.hpp"
#include "wcs/mapper.hpp"

namespace spec2::extract_1d {
namespace {

/// The wavelength plane, or the WCS where there is none.
std::vector<double> slit_wavelengths(const Slit& slit, const wcs::Arena& arena, const PlaneShape& shape) {
  std::vector<double> values(shape.rows * shape.columns);
  const FloatPlane& plane = slit.planes.wavelength;
  const bool filled = plane.size() == values.size() &&
                      std::any_of(plane.storage().begin(), plane.storage().end(), [](float v) { return v != 0.0f; });
  if (filled) {
    std::copy_n(plane.data(), values.size(), values.begin());
  } else {
    wcs::Scratch scratch;
    const std::array<View2<double>, 1> out = {View2<double>(values.data(), shape.rows, shape.columns)};
    wavelength_mapper(arena, slit.wcs).grid(scratch, 0.0, 0.0, shape.columns, shape.rows, out);
  }
  return values;
}

/// Mean wavelength of each column with the weights of the profile.
std::vector<double> column_wavelengths(const BoxProfile& profile, View2<const double> wavelength) {
  std::vector<double> sum(wavelength.columns, 0.0), weights(wavelength.columns, 0.0);
  for (std::size_t y = 0; y < wavelength.rows; ++y) {
    for (std::size_t x = 0; x < wavelength.columns; ++x) {
      const double weight = profile.weights[y * wavelength.columns + x];
      if (std::isnan(wavelength(y, x)) || !(weight > 0.0)) continue;
      sum[x] += wavelength(y, x) * weight;
      weights[x] += weight;
    }
  }
  for (std::size_t x = 0; x < sum.size(); ++x) {
    sum[x] = weights[x] > 0.0 ? sum[x] / weights[x] : std::numeric_limits<double>::quiet_NaN();
  }
  return sum;
}

/// Sky position of the weighted middle of the aperture.
void set_sky_position(SlitAperture& aperture, const wcs::Arena& arena, const Slit& slit, const PlaneShape& shape) {
  double sum = 0.0, x_sum = 0.0, y_sum = 0.0;
  for (std::size_t y = 0; y < shape.rows; ++y) {
    for (std::size_t x = 0; x < shape.columns; ++x) {
      const double weight = std::max(aperture.profile.weights[y * shape.columns + x], 0.0);
      sum += weight;
      x_sum += weight * static_cast<double>(x);
      y_sum += weight * static_cast<double>(y);
    }
  }
  const double x = sum > 0.0 ? x_sum / sum : (static_cast<double>(shape.columns) - 1.0) / 2.0;
  const double y = sum > 0.0 ? y_sum / sum : (static_cast<double>(shape.rows) - 1.0) / 2.0;
  wcs::Scratch scratch;
  const auto sky = wcs::Mapper::forward(arena, slit.wcs).point(scratch, {x, y});
  const bool known = !std::isnan(sky[0]) && !std::isnan(sky[1]) && !std::isnan(sky[2]);
  aperture.ra = known ? sky[0] : std::numeric_limits<double>::quiet_NaN();
  aperture.dec = known ? sky[1] : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

SlitAperture define_aperture(const Slit& slit, const wcs::Arena& arena, const ApertureSettings& settings, const Log& log) {
  const PlaneShape shape = slit.planes.shape();
  std::vector<double> values = slit_wavelengths(slit, arena, shape);
  const View2<const double> wavelength(values.data(), shape.rows, shape.columns);
  SlitAperture aperture;
  aperture.settings = settings;
  std::vector<double> trace;
  if (settings.use_source_position) {
    if (auto location = source_location(arena, slit.wcs, shape.columns, slit.source_xpos, slit.source_ypos)) {
      const BoxProfile nominal = box_profile(settings, Region::source, wavelength, {});
      shift_aperture(aperture.settings,
                     location->row - column_center(nominal, shape.rows, shape.columns, location->middle_column));
      trace = std::move(location->trace);
    } else {
      log.warning("the position of the source in slit {} is not known from the WCS; the aperture stays in its nominal place",
                  slit.name);
    }
  }
  if (settings.position_offset != 0.0) {
    shift_aperture(aperture.settings, settings.position_offset);
    for (double& row : trace) row += settings.position_offset;
  }
  aperture.profile = box_profile(aperture.settings, Region::source, wavelength, trace);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) aperture.profile.weights[i] = 0.0;
  }
  for (std::size_t x = 0; x < shape.columns; ++x) {
    double sum = 0.0;
    for (std::size_t y = 0; y < shape.rows; ++y) sum += aperture.profile.weights[y * shape.columns + x];
    if (!(sum > 0.0)) continue;
    if (aperture.is_empty) aperture.first_column = x;
    aperture.last_column = x;
    aperture.is_empty = false;
  }
  if (aperture.settings.subtract_background && aperture.settings.background_limits) {
    aperture.background_weights = box_profile(aperture.settings, Region::background, wavelength, {}).weights;
  }
  aperture.wavelength = column_wavelengths(aperture.profile, wavelength);
  set_sky_position(aperture, arena, slit, shape);
  return aperture;
}

double pixel_scale_arcsec(const wcs::Arena& arena, const Slit& slit, const SlitAperture& aperture, double wavelength) {
  wcs::Scratch scratch;
  wcs::Wcs unbounded = slit.wcs;
  unbounded.bounding_box = {};
  const auto pixel = wcs::Mapper::inverse(arena, slit.wcs).point(scratch, {aperture.ra, aperture.dec, wavelength});
  const wcs::Mapper forward = wcs::Mapper::forward(arena, unbounded);
  const auto here = forward.point(scratch, {pixel[0], pixel[1]}), next = forward.point(scratch, {pixel[0], pixel[1] + 1.0});
  constexpr double kDegree = std::numbers::pi / 180.0;
  const double dec_step = (next[1] - here[1]) * kDegree;
  const double ra_step = (next[0] - here[0]) * kDegree;
  const double half = std::sin(dec_step / 2) * std::sin(dec_step / 2) +
                      std::cos(here[1] * kDegree) * std::cos(next[1] * kDegree) * std::sin(ra_step / 2) * std::sin(ra_step / 2);
  return 2.0 * std::asin(std::sqrt(half)) / kDegree * 3600.0;
}

}  // namespace spec2::extract_1d
