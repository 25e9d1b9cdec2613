#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/view.hpp"
#include "datamodels/references/extract1d.hpp"
#include "steps/extract_1d/config.hpp"

namespace spec2::extract_1d {

enum class BackgroundFit { none, polynomial, median };

/// What and where to extract from one slit: reference and parameters put together. Pixels are 0-based; dispersion runs
/// along rows.
struct ApertureSettings {
  double xstart = 0, xstop = 0, ystart = 0, ystop = 0;   ///< inclusive
  std::optional<double> width;                           ///< pixels
  std::optional<Extract1dReference::Polynomials> source_limits, background_limits;
  bool limits_by_wavelength = false;                     ///< polynomials in micron instead of x
  bool use_source_position = false;
  double position_offset = 0.0;
  bool subtract_background = false;
  BackgroundFit background_fit = BackgroundFit::none;
  int background_order = 0;
  int smoothing_length = 0;                              ///< odd, or 0
};

/// The aperture of `slit` and `order` in the reference (null: the whole slit). Empty when the reference has the slit but
/// not the order. Throws Error(reference) when it has no aperture for the slit. `is_point` and `knows_position` decide the
/// default of use_source_posn. Source: jwst 3.0.0 extract_1d.extract.get_extract_parameters.
std::optional<ApertureSettings> aperture_settings(const Extract1dReference* reference, const Extract1dConfig& config,
                                                  const std::string& slit, int order, std::size_t rows, std::size_t columns,
                                                  bool is_point, bool knows_position);

/// Moves all limits across the dispersion.
void shift_aperture(ApertureSettings& settings, double offset);

/// Weights of pixels, 0 to 1, with partial pixels at the edges, and the mean limits of the aperture (inclusive).
struct BoxProfile {
  std::vector<double> weights;  ///< [row][column]
  double lower = 0.0, upper = 0.0;
};

enum class Region { source, background };

/// Source: jwst 3.0.0 extract_1d.extract.box_profile. `trace` (may be empty) is the row of the source in each column.
BoxProfile box_profile(const ApertureSettings& settings, Region region, View2<const double> wavelength,
                       const std::vector<double>& trace);

/// Weighted mean of the rows in one column; of all rows when nothing has weight.
double column_center(const BoxProfile& profile, std::size_t rows, std::size_t columns, std::size_t column);

}  // namespace spec2::extract_1d
