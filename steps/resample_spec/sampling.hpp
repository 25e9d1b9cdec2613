#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "core/view.hpp"
#include "datamodels/planes.hpp"

namespace spec2::resample_spec {

struct Line {
  double slope = 0.0;
  double intercept = 0.0;
  double at(double x) const { return slope * x + intercept; }
};

/// Least-squares line through values at i * step.
Line fit_line(std::span<const double> values, double step);

/// Values between points, both rising or both falling with them; outside NaN or the line through the two outermost points.
struct Table {
  std::vector<double> points;
  std::vector<double> values;
  bool extrapolates = false;
};

/// Median wavelength of each column that has any, in the order of columns.
std::vector<double> column_wavelengths(View2<const double> wavelength);

/// Wavelengths of the columns of the output: those of the first image, with what the others add at either end, without
/// points that lie closer to each other than a tenth of the smallest step. Rising. Throws Error(data) for less than two
/// columns. Source: jwst 3.0.0 resample_spec._find_nirspec_output_sampling_wavelengths.
std::vector<double> output_wavelengths(std::span<const View2<const double>> images);

/// Output column -> wavelength: the wavelengths at 0, 1, ..., and half a pixel more at both ends; NaN outside. The value at
/// the last half pixel is the peer's, which lies far beyond the last wavelength.
Table wavelength_table(const std::vector<double>& wavelengths);

/// Mean position along the slit, weighted by the light of the pixels (less its minimum, without outliers of 100 sigma),
/// and mean wavelength. Pixels without position, wavelength or value have no part in the first. `scratch` has room for
/// all pixels. Source: jwst 3.0.0 resample_spec.build_nirspec_output_wcs.
struct LightCentre {
  double slit_y;
  double wavelength;
};
LightCentre light_centre(View2<const float> data, View2<const double> slit_y, View2<const double> wavelength,
                         std::span<double> scratch);

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  double width() const { return high - low; }
  /// Takes in the values where both are finite.
  static void widen(Range& x, Range& y, std::span<const double> x_values, std::span<const double> y_values);
};

/// Rows of the output: how many, and the tangent-plane offsets (degrees) against the row.
struct SpatialGrid {
  std::size_t rows = 0;
  Line x;
  Line y;
  bool along_y = false;  ///< the slit runs more along y
};

/// Lays the rows along the line (x, y) found at the middle of the reference image so that the extent is centred in them.
/// Source: jwst 3.0.0 resample_spec.build_nirspec_output_wcs.
SpatialGrid spatial_grid(Line x, Line y, const Range& x_extent, const Range& y_extent);

/// Fractions of pixels of a table read backwards, for wavelengths of one row; `column` and `wavelength` may be the same.
void columns_of(const Table& table, std::span<const double> wavelength, std::span<double> column);

}  // namespace spec2::resample_spec
