#include "steps/resample_spec/slit_coordinates.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace spec2::resample_spec {
namespace {

constexpr std::size_t kRowsPerBlock = 8;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Angle between two directions (degrees in, degrees out), good for small ones (Vincenty).
double separation_deg(double lon1, double lat1, double lon2, double lat2) {
  constexpr double kDegree = std::numbers::pi / 180.0;
  const double dlon = (lon2 - lon1) * kDegree;
  const double s1 = std::sin(lat1 * kDegree), c1 = std::cos(lat1 * kDegree);
  const double s2 = std::sin(lat2 * kDegree), c2 = std::cos(lat2 * kDegree);
  const double across = c2 * std::sin(dlon), along = c1 * s2 - s1 * c2 * std::cos(dlon);
  return std::atan2(std::hypot(across, along), s1 * s2 + c1 * c2 * std::cos(dlon)) / kDegree;
}

bool has_angles(const wcs::Frame& frame) {
  const auto is_angle = [](const std::string& unit) { return unit == "deg" || unit == "arcsec"; };
  if (frame.kind == wcs::FrameKind::celestial) return true;
  return std::any_of(frame.units.begin(), frame.units.end(), is_angle) ||
         std::any_of(frame.parts.begin(), frame.parts.end(), has_angles);
}

}  // namespace

SlitCoordinates::SlitCoordinates(Account& account, std::size_t rows, std::size_t columns)
    : rows_(rows),
      columns_(columns),
      values_(account, 4 * rows * columns, "scratch coordinates of a slit", Buffer<double>::NotFilled{}) {}

void SlitCoordinates::map_rows(const wcs::Mapper& mapper, const Parallel& parallel) {
  parallel.for_blocks(rows_, kRowsPerBlock, [&](std::size_t first, std::size_t last) {
    wcs::Scratch scratch;
    const auto part = [&](View2<double> plane) { return View2<double>(plane.row(first), last - first, columns_); };
    const std::array<View2<double>, 3> out = {part(x()), part(y()), part(wavelength())};
    mapper.grid(scratch, 0.0, static_cast<double>(first), columns_, last - first, out);
  });
}

void SlitCoordinates::to_output(const wcs::Arena& arena, const wcs::Wcs& wcs, const Parallel& parallel) {
  const wcs::Mapper mapper = wcs::Mapper::forward(arena, wcs);
  map_rows(mapper, parallel);
}

void SlitCoordinates::to_slit(const wcs::Arena& arena, const wcs::Wcs& wcs, const Parallel& parallel) {
  const wcs::Mapper mapper = wcs::Mapper::between(arena, wcs, arena.frame(wcs.steps[0].frame).name, "slit_frame");
  map_rows(mapper, parallel);
}

void SlitCoordinates::slit_to_output(const wcs::Arena& arena, const wcs::Wcs& wcs, const Parallel& parallel) {
  const wcs::Mapper mapper = wcs::Mapper::between(arena, wcs, "slit_frame", output_frame_name(arena, wcs));
  parallel.for_blocks(rows_, kRowsPerBlock, [&](std::size_t first, std::size_t last) {
    wcs::Scratch scratch;
    std::vector<double> row(3 * columns_);
    for (std::size_t j = first; j < last; ++j) {
      std::copy_n(x().row(j), columns_, row.data());
      std::copy_n(y().row(j), columns_, row.data() + columns_);
      std::copy_n(wavelength().row(j), columns_, row.data() + 2 * columns_);
      const double* const in[] = {row.data(), row.data() + columns_, row.data() + 2 * columns_};
      double* const out[] = {x().row(j), y().row(j), wavelength().row(j)};
      mapper.points(scratch, in, out, columns_);
    }
  });
  blank_outside(wcs.bounding_box);
}

void SlitCoordinates::output_to_pixels(const wcs::Arena& arena, const wcs::Wcs& wcs) {
  const wcs::Mapper mapper = wcs::Mapper::inverse(arena, wcs);
  wcs::Scratch scratch;
  std::vector<double> row(3 * columns_);
  for (std::size_t j = 0; j < rows_; ++j) {
    std::copy_n(x().row(j), columns_, row.data());
    std::copy_n(y().row(j), columns_, row.data() + columns_);
    std::copy_n(wavelength().row(j), columns_, row.data() + 2 * columns_);
    const double* const in[] = {row.data(), row.data() + columns_, row.data() + 2 * columns_};
    double* const out[] = {x().row(j), y().row(j)};
    mapper.points(scratch, in, out, columns_);
  }
}

void SlitCoordinates::blank_outside(const wcs::BoundingBox& box) {
  if (!box) return;
  const auto blank = [&](std::size_t j, std::size_t first, std::size_t last) {
    for (const View2<double>& plane : {x(), y(), wavelength()}) std::fill(plane.row(j) + first, plane.row(j) + last, kNan);
  };
  const auto count = [](double pixels, std::size_t limit) {
    return static_cast<std::size_t>(std::clamp(pixels, 0.0, static_cast<double>(limit)));
  };
  const std::size_t x_first = count(std::ceil(box.low[0]), columns_), x_end = count(std::floor(box.high[0]) + 1.0, columns_);
  for (std::size_t j = 0; j < rows_; ++j) {
    const double row = static_cast<double>(j);
    if (row < box.low[1] || row > box.high[1]) {
      blank(j, 0, columns_);
      continue;
    }
    blank(j, 0, std::min(x_first, columns_));
    blank(j, std::max(x_end, x_first), columns_);
  }
}

std::string_view output_frame_name(const wcs::Arena& arena, const wcs::Wcs& wcs) { return wcs::output_frame(arena, wcs).name; }

bool is_on_sky(const wcs::Arena& arena, const wcs::Wcs& wcs) { return has_angles(wcs::output_frame(arena, wcs)); }

double spatial_pixel_scale_deg(const wcs::Arena& arena, const wcs::Wcs& wcs) {
  const wcs::BoundingBox& box = wcs.bounding_box;
  wcs::Scratch scratch;
  const auto middle =
      wcs::Mapper::forward(arena, wcs).point(scratch, {0.5 * (box.low[0] + box.high[0]), 0.5 * (box.low[1] + box.high[1])});
  const auto pixel = wcs::Mapper::inverse(arena, wcs).point(scratch, {middle[0], middle[1], middle[2]});
  const wcs::Mapper forward =
      wcs::Mapper::between(arena, wcs, arena.frame(wcs.steps[0].frame).name, output_frame_name(arena, wcs));
  const auto here = forward.point(scratch, {pixel[0], pixel[1]});
  const auto above = forward.point(scratch, {pixel[0], pixel[1] + 1.0});
  return separation_deg(here[0], here[1], above[0], above[1]);
}

}  // namespace spec2::resample_spec
