#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "steps/pixel_replace/trace_model.hpp"

namespace spec2::pixel_replace {

/// A slit while its trace is fitted: [rows, columns], row by row, NaN outside.
struct TraceSlit {
  std::size_t rows, columns;
  std::vector<float> flux, error, position;
};

/// start, start + step, ... below stop, as numpy.arange makes it of float32 scalars: their number and the second value are
/// found in float32, the others go on from these in float64.
std::vector<double> float_range(float start, float stop, float step);

/// Median without NaN; NaN for none. The order of `values` is changed.
float float_median(std::vector<float>& values);

/// Distance of neighbouring rows along the slit.
float position_step(const TraceSlit& slit);

/// Cross-dispersion profile: medians over the wavelengths in steps of half a pixel; NaN where there are no data.
struct CrossProfile {
  std::vector<double> position, flux, error, snr;
};
std::optional<CrossProfile> cross_profile(const TraceSlit& slit);

/// Sets to NaN the flux at the edges of the slit where the profile is faint and its error large.
void trim_edges(TraceSlit& slit, const CrossProfile& profile);

/// True where the splines show a compact source: `steep` holds the positions where they are steep.
std::vector<char> compact_pixels(const TraceSlit& slit, const std::vector<float>& steep, std::size_t breakpoints, double pad);

}  // namespace spec2::pixel_replace
