#include "steps/resample_spec/output_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "core/math/sigma_clip.hpp"
#include "datamodels/dq.hpp"
#include "wcs/mapper.hpp"

namespace spec2::resample_spec {
namespace {

/// The first slit with more than 100 pixels of good data, else the first.
std::size_t reference_of(std::span<InputSlit> inputs) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Planes& planes = inputs[i].slit->planes;
    std::size_t good = 0;
    for (std::size_t k = 0; k < planes.sci.size(); ++k) {
      const float value = planes.sci.data()[k];
      const bool usable = planes.dq.size() == 0 || (planes.dq.data()[k] & unusable_flags()) == 0;
      if (std::isfinite(value) && value != 0.0f && usable) ++good;
    }
    if (good > 100) return i;
  }
  return 0;
}

/// Values of one column without those that are NaN in either plane.
std::array<std::vector<double>, 2> finite_column(View2<double> x, View2<double> y, std::size_t column) {
  std::array<std::vector<double>, 2> values;
  for (std::size_t j = 0; j < x.rows; ++j) {
    if (std::isnan(x(j, column)) || std::isnan(y(j, column))) continue;
    values[0].push_back(x(j, column));
    values[1].push_back(y(j, column));
  }
  if (values[0].empty()) {
    throw Error(ErrorCause::data, "the middle column of a slit has no coordinates; its spectrum cannot be resampled");
  }
  return values;
}

/// The position in the slit that each output row has at the middle column.
std::vector<double> slit_positions(const wcs::Arena& arena, const wcs::Wcs& wcs, const OutputGrid& grid) {
  const wcs::Mapper to_slit = wcs::Mapper::between(arena, wcs, output_frame_name(arena, wcs), "slit_frame");
  std::vector<double> ra(grid.rows), dec(grid.rows), result(grid.rows);
  // The table begins half a pixel before column 0.
  const std::vector<double> wavelength(grid.rows, grid.wavelength.values[grid.columns / 2 + 1]);
  for (std::size_t j = 0; j < grid.rows; ++j) {
    const double row = static_cast<double>(j);
    const auto sky = grid.plane->sky(grid.x.at(row), grid.y.at(row));
    ra[j] = sky[0];
    dec[j] = sky[1];
  }
  wcs::Scratch scratch;
  const double* const in[] = {ra.data(), dec.data(), wavelength.data()};
  double* const out[] = {nullptr, result.data(), nullptr};
  to_slit.points(scratch, in, out, grid.rows);
  return result;
}

/// The corners of the smallest box in right ascension and declination around places on the sky.
std::string box_around(std::vector<double> ra, const std::vector<double>& dec) {
  const auto [dec_least, dec_most] = std::minmax_element(dec.begin(), dec.end());
  const double dec_low = *dec_least, dec_high = *dec_most;
  // All on one side of 0 h.
  std::vector<double> sorted = ra;
  const double median = median_of(sorted);
  for (double& value : ra) {
    if (std::fabs(value - median) > 180.0) value += median < 180.0 ? -360.0 : 360.0;
  }
  double ra_low = *std::min_element(ra.begin(), ra.end()), ra_high = *std::max_element(ra.begin(), ra.end());
  if (ra_low < 0.0) ra_low += 360.0;
  if (ra_high >= 360.0) ra_high -= 360.0;
  if (!std::isfinite(ra_low + ra_high + dec_low + dec_high)) return {};
  return fmt::format("POLYGON ICRS  {:.9f} {:.9f} {:.9f} {:.9f} {:.9f} {:.9f} {:.9f} {:.9f}", ra_low, dec_low, ra_high, dec_low,
                     ra_high, dec_high, ra_low, dec_high);
}

}  // namespace

std::uint32_t unusable_flags() noexcept { return dq::kDoNotUse | dq::kNonScience; }

OutputGrid sky_grid(const wcs::Arena& arena, std::span<InputSlit> inputs, double pixel_scale_ratio, const Parallel& parallel) {
  const std::size_t reference = reference_of(inputs);
  const Slit& slit = *inputs[reference].slit;
  SlitCoordinates& own = inputs[reference].coordinates;
  own.to_slit(arena, slit.wcs, parallel);
  const LightCentre centre = light_centre(view2(slit.planes.sci), own.y(), own.wavelength(), own.spare());
  wcs::Scratch scratch;
  const auto target = wcs::Mapper::between(arena, slit.wcs, "slit_frame", output_frame_name(arena, slit.wcs))
                          .point(scratch, {0.0, centre.slit_y, centre.wavelength});
  if (!std::isfinite(target[0]) || !std::isfinite(target[1])) {
    throw Error(ErrorCause::data, fmt::format("slit {} has no position on the sky; its spectrum cannot be resampled", slit.name));
  }
  OutputGrid grid;
  grid.plane.emplace(target[0], target[1]);

  Range x_extent, y_extent;
  std::vector<View2<const double>> wavelengths;
  for (InputSlit& input : inputs) {
    if (&input.coordinates == &own) {
      own.slit_to_output(arena, slit.wcs, parallel);
    } else {
      input.coordinates.to_output(arena, input.slit->wcs, parallel);
    }
    grid.plane->project(input.coordinates.all_x(), input.coordinates.all_y());
    Range::widen(x_extent, y_extent, input.coordinates.all_x(), input.coordinates.all_y());
    wavelengths.push_back(input.coordinates.wavelength());
  }
  const wcs::BoundingBox& box = slit.wcs.bounding_box;
  const auto middle = static_cast<std::size_t>(std::max(0.0, 0.5 * (box.low[0] + box.high[0])));
  const auto offsets = finite_column(own.x(), own.y(), std::min(middle, own.columns() - 1));
  const SpatialGrid spatial =
      spatial_grid(fit_line(offsets[0], pixel_scale_ratio), fit_line(offsets[1], pixel_scale_ratio), x_extent, y_extent);
  const std::vector<double> lambda = output_wavelengths(wavelengths);
  grid.rows = spatial.rows;
  grid.columns = lambda.size();
  grid.wavelength = wavelength_table(lambda);
  grid.x = spatial.x;
  grid.y = spatial.y;
  grid.along_y = spatial.along_y;
  grid.slit_y = slit_positions(arena, slit.wcs, grid);
  return grid;
}

OutputGrid lamp_grid(const wcs::Arena& arena, std::span<InputSlit> inputs, double pixel_scale_ratio, const Parallel& parallel) {
  for (InputSlit& input : inputs) input.coordinates.to_output(arena, input.slit->wcs, parallel);
  SlitCoordinates& first = inputs[0].coordinates;
  const wcs::BoundingBox& box = inputs[0].slit->wcs.bounding_box;
  const auto middle = static_cast<std::size_t>(std::max(0.0, 0.5 * (box.high[0] - box.low[0])));
  const auto positions = finite_column(first.x(), first.y(), std::min(middle, first.columns() - 1));
  OutputGrid grid;
  grid.x = fit_line(positions[0], pixel_scale_ratio);
  grid.y = fit_line(positions[1], pixel_scale_ratio);
  grid.along_y = true;
  grid.rows = static_cast<std::size_t>(std::ceil(static_cast<double>(positions[0].size()) * pixel_scale_ratio));
  grid.wavelength.values = column_wavelengths(first.wavelength());
  grid.columns = grid.wavelength.values.size();
  if (grid.columns < 2) {
    throw Error(ErrorCause::data, "a slit has wavelengths in less than two columns; its spectrum cannot be resampled");
  }
  for (std::size_t i = 0; i < grid.columns; ++i) grid.wavelength.points.push_back(static_cast<double>(i));
  grid.wavelength.extrapolates = true;
  return grid;
}

drizzle::PixelMap map_pixels(const OutputGrid& grid, SlitCoordinates& coordinates) {
  const std::span<double> along = grid.along_y ? coordinates.all_y() : coordinates.all_x();
  const Line& line = grid.along_y ? grid.y : grid.x;
  const double slope = 1.0 / line.slope, intercept = -line.intercept / line.slope;
  const std::span<double> across = grid.along_y ? coordinates.all_x() : coordinates.all_y();
  const View2<double> wavelength = coordinates.wavelength();
  for (std::size_t i = 0; i < along.size(); ++i) along[i] = slope * along[i] + intercept;
  const View2<double> column(across.data(), coordinates.rows(), coordinates.columns());
  for (std::size_t j = 0; j < coordinates.rows(); ++j) {
    columns_of(grid.wavelength, {wavelength.row(j), wavelength.columns}, {column.row(j), column.columns});
  }
  return {column, View2<double>(along.data(), coordinates.rows(), coordinates.columns())};
}

std::string sky_region(const OutputGrid& grid) {
  std::vector<double> ra(grid.rows), dec(grid.rows);
  for (std::size_t j = 0; j < grid.rows; ++j) {
    const double row = static_cast<double>(j);
    const auto sky = grid.plane->sky(grid.x.at(row), grid.y.at(row));
    ra[j] = sky[0];
    dec[j] = sky[1];
  }
  return box_around(std::move(ra), dec);
}

std::string sky_region(const wcs::Arena& arena, const wcs::Wcs& wcs, std::size_t rows, std::size_t columns) {
  if (!is_on_sky(arena, wcs)) return {};
  std::vector<double> ra, dec, line(2 * columns);
  wcs::Scratch scratch;
  const wcs::Mapper mapper = wcs::Mapper::forward(arena, wcs);
  const std::array<View2<double>, 3> out = {View2<double>(line.data(), 1, columns),
                                            View2<double>(line.data() + columns, 1, columns), View2<double>()};
  for (std::size_t y = 0; y < rows; ++y) {
    mapper.grid(scratch, 0.0, static_cast<double>(y), columns, 1, out);
    for (std::size_t x = 0; x < columns; ++x) {
      if (std::isnan(line[x]) || std::isnan(line[columns + x])) continue;
      ra.push_back(line[x]);
      dec.push_back(line[columns + x]);
    }
  }
  return ra.empty() ? std::string() : box_around(std::move(ra), dec);
}

}  // namespace spec2::resample_spec
