#include "steps/resample_spec/output_wcs.hpp"

#include <limits>

#include "core/error.hpp"

namespace spec2::resample_spec {
namespace {

using wcs::TransformId;

wcs::FrameId detector_frame(wcs::Arena& arena) { return arena.add_frame(wcs::frame2d("detector")); }

wcs::FrameId with_wavelength(wcs::Arena& arena, const char* name, wcs::Frame spatial) {
  return arena.add_frame(wcs::composite_frame(name, {std::move(spatial), wcs::spectral_frame("spectral", 2, "um")}));
}

wcs::BoundingBox whole_image(const OutputGrid& grid) {
  return wcs::BoundingBox::xy(-0.5, static_cast<double>(grid.columns) - 0.5, -0.5, static_cast<double>(grid.rows) - 0.5);
}

std::vector<double> count_from_zero(std::size_t n) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<double>(i);
  return values;
}

/// A mapping with the inverse that picks the given sources.
TransformId mapping_back(wcs::Arena& arena, std::initializer_list<int> sources, std::initializer_list<int> back) {
  const TransformId id = arena.mapping(sources);
  arena.set_inverse(id, arena.mapping(back, 3));
  return id;
}

/// Pixel -> right ascension, declination, wavelength.
TransformId pixel_to_world(wcs::Arena& arena, const OutputGrid& grid, TransformId wavelength) {
  if (!grid.plane) throw Error(ErrorCause::internal, "a grid of a lamp has no place on the sky");
  const TransformId plane =
      arena.concatenate(arena.linear1d(grid.x.slope, grid.x.intercept), arena.linear1d(grid.y.slope, grid.y.intercept));
  const TransformId turn = arena.rotate_native2celestial(grid.plane->lon_deg(), grid.plane->lat_deg(), 180.0);
  const TransformId to_sky = arena.compose(arena.plain(wcs::Kind::pix2sky_tan), turn);
  // The way back reads the row from the axis along which the slit runs.
  const TransformId rows =
      mapping_back(arena, {1, 1, 0}, grid.along_y ? std::initializer_list<int>{2, 1} : std::initializer_list<int>{2, 0});
  return arena.compose(rows, arena.concatenate(arena.compose(plane, to_sky), wavelength));
}

/// Pixel -> position in the slit, always in its middle across, and wavelength.
TransformId pixel_to_slit(wcs::Arena& arena, const OutputGrid& grid, TransformId wavelength) {
  const TransformId along = arena.tabular1d(count_from_zero(grid.rows), grid.slit_y, wcs::TabularBounds::extrapolate, 0.0);
  const TransformId rows = arena.mapping({0, 1, 0});
  const TransformId back = arena.mapping({2, 1}, 3);
  arena.set_inverse(rows, back);
  arena.set_inverse(back, rows);
  const TransformId across = arena.constant(0.0);
  arena.set_inverse(across, across);
  return arena.compose(rows, arena.concatenate({across, along, wavelength}));
}

}  // namespace

wcs::Wcs sky_wcs(wcs::Arena& arena, const OutputGrid& grid) {
  const TransformId wavelength = arena.tabular1d(grid.wavelength.points, grid.wavelength.values, wcs::TabularBounds::fill,
                                                 std::numeric_limits<double>::quiet_NaN());
  const TransformId to_world = pixel_to_world(arena, grid, wavelength);
  const TransformId to_slit = pixel_to_slit(arena, grid, wavelength);
  wcs::Wcs result;
  wcs::add_step(result, detector_frame(arena), to_slit);
  wcs::add_step(result, with_wavelength(arena, "slit_frame", wcs::frame2d("slit_spatial", {"", ""}, {"x_slit", "y_slit"})),
                arena.compose(arena.inverse_of(to_slit), to_world));
  wcs::add_step(result, with_wavelength(arena, "world", wcs::celestial_frame("sky")), {});
  result.bounding_box = whole_image(grid);
  result.pixel_shape = {static_cast<std::uint32_t>(grid.columns), static_cast<std::uint32_t>(grid.rows)};
  return result;
}

wcs::Wcs lamp_wcs(wcs::Arena& arena, const OutputGrid& grid, std::string_view msa_frame) {
  const Table& table = grid.wavelength;
  const TransformId wavelength = arena.tabular1d(table.points, table.values, wcs::TabularBounds::extrapolate, 0.0);
  arena.set_name(wavelength, "pix2wavelength");
  Table back = table;
  if (back.values.front() > back.values.back()) {
    back.values.assign(table.values.rbegin(), table.values.rend());
    back.points.assign(table.points.rbegin(), table.points.rend());
  }
  const TransformId column = arena.tabular1d(back.values, back.points, wcs::TabularBounds::extrapolate, 0.0);
  arena.set_name(column, "wavelength2pix");
  arena.set_inverse(wavelength, column);

  const TransformId position = arena.concatenate({arena.linear1d(grid.x.slope, grid.x.intercept),
                                                  arena.linear1d(grid.y.slope, grid.y.intercept), wavelength});
  wcs::Wcs result;
  wcs::add_step(result, detector_frame(arena), arena.compose(mapping_back(arena, {1, 1, 0}, {2, 1}), position));
  wcs::add_step(result, with_wavelength(arena, "world", wcs::frame2d("resampled_" + std::string(msa_frame))), {});
  result.bounding_box = whole_image(grid);
  result.pixel_shape = {static_cast<std::uint32_t>(grid.columns), static_cast<std::uint32_t>(grid.rows)};
  return result;
}

}  // namespace spec2::resample_spec
