#include "steps/extract_1d/spectral_wcs.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

namespace spec2::extract_1d {
namespace {

using wcs::TransformId;

wcs::Frame pixel_frame() {
  wcs::Frame frame;
  frame.kind = wcs::FrameKind::generic;
  frame.name = "pixel_frame";
  frame.axes_order = {0};
  frame.axes_names = {""};
  frame.units = {"pixel"};
  frame.axes_types = {"SPATIAL"};
  return frame;
}

bool is_monotonic(std::span<const double> values) {
  return std::ranges::adjacent_find(values, std::greater_equal<>()) == values.end() ||
         std::ranges::adjacent_find(values, std::less_equal<>()) == values.end();
}

}  // namespace

wcs::Wcs spectral_wcs(wcs::Arena& arena, double ra_deg, double dec_deg, std::span<const double> wavelength) {
  wcs::Wcs result;
  if (wavelength.size() < 2) return result;
  std::vector<double> pixels(wavelength.size());
  std::iota(pixels.begin(), pixels.end(), 0.0);
  const TransformId wavelengths = arena.tabular1d(pixels, wavelength, wcs::TabularBounds::extrapolate, 0.0);
  const TransformId forward =
      arena.compose(arena.mapping({0, 0, 0}), arena.concatenate({arena.constant(ra_deg), arena.constant(dec_deg), wavelengths}));
  arena.set_name(forward, "pixel_to_world");
  if (is_monotonic(wavelength)) {
    const double outside = std::numeric_limits<double>::quiet_NaN();
    arena.set_inverse(
        forward, arena.compose(arena.mapping({2}, 3), arena.tabular1d(wavelength, pixels, wcs::TabularBounds::fill, outside)));
  }
  wcs::add_step(result, arena.add_frame(pixel_frame()), forward);
  const auto world = wcs::composite_frame("world", {wcs::celestial_frame("sky"), wcs::spectral_frame("spectral", 2, "um")});
  wcs::add_step(result, arena.add_frame(world), {});
  return result;
}

}  // namespace spec2::extract_1d
