#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/math/drizzle_reach.hpp"
#include "core/parallel.hpp"
#include "datamodels/exposure.hpp"
#include "steps/resample_spec/sampling.hpp"
#include "steps/resample_spec/slit_coordinates.hpp"
#include "steps/resample_spec/tangent_plane.hpp"

namespace spec2::resample_spec {

/// Pixels the step takes no light from.
std::uint32_t unusable_flags() noexcept;

/// Grid of a rectified spectrum: columns by wavelength, rows along the slit.
struct OutputGrid {
  std::size_t rows = 0;
  std::size_t columns = 0;
  Table wavelength;                   ///< output column -> micron
  Line x;                             ///< output row -> degrees in the plane; metres at the MSA for lamps
  Line y;
  bool along_y = false;               ///< rows are found from y, else from x
  std::optional<TangentPlane> plane;  ///< not for lamps
  std::vector<double> slit_y;         ///< position in the slit of each row at the middle column; not for lamps
};

/// A slit that goes into an output image, with its coordinates.
struct InputSlit {
  const Slit* slit = nullptr;
  SlitCoordinates coordinates;
};

/// Grid on the sky. Fills the coordinates; in the end they are offsets in the tangent plane of the grid (degrees) and
/// micron. `pixel_scale_ratio`: input over output pixel scale along the slit. Throws Error(data) where no grid can be
/// laid. Source: jwst 3.0.0 resample_spec.build_nirspec_output_wcs.
OutputGrid sky_grid(const wcs::Arena& arena, std::span<InputSlit> inputs, double pixel_scale_ratio, const Parallel& parallel);

/// Grid at the MSA for lamps, laid on the first slit. Fills the coordinates (metres, micron).
/// Source: jwst 3.0.0 resample_spec.build_nirspec_lamp_output_wcs.
OutputGrid lamp_grid(const wcs::Arena& arena, std::span<InputSlit> inputs, double pixel_scale_ratio, const Parallel& parallel);

/// Turns the coordinates that a grid left into output pixels, in place. The map looks into `coordinates`.
drizzle::PixelMap map_pixels(const OutputGrid& grid, SlitCoordinates& coordinates);

/// The corners of the grid as an S_REGION keyword; empty when they are not finite.
/// Source: jwst 3.0.0 assign_wcs.util.compute_footprint_spectral.
std::string sky_region(const OutputGrid& grid);
/// The same of an image with this WCS; empty when it does not lead to the sky.
std::string sky_region(const wcs::Arena& arena, const wcs::Wcs& wcs, std::size_t rows, std::size_t columns);

}  // namespace spec2::resample_spec
