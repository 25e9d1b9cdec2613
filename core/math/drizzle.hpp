#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/math/drizzle_reach.hpp"
#include "core/view.hpp"

/// Resampling of an image onto another grid by "drizzling": each input pixel is laid on the output grid by a map of
/// pixel positions and adds to the weighted mean of the output pixels it covers.
/// Source: Fruchter and Hook 2002, PASP 114, 144; results as those of the Python package drizzle 2.2.0.
namespace spec2::drizzle {

/// How the light of an input pixel is spread: evenly over its quadrilateral (square), all at its centre (point), over an
/// upright square (turbo), or by a function of the distance, which does not conserve flux.
enum class Kernel { square, point, turbo, gaussian, lanczos2, lanczos3 };
std::optional<Kernel> kernel_named(std::string_view name);

struct Settings {
  Kernel kernel = Kernel::square;
  double pixfrac = 1.0;            ///< side of the light of an input pixel in input pixels; 0.001 and less mean point
  float intensity_scale = 1.0f;    ///< multiplies the input values
  float pixel_scale_ratio = 1.0f;  ///< size of the spread of turbo, gaussian and lanczos, input over output pixels
};

/// Planes that are drizzled together: they share map and weights, so the overlaps are computed once.
inline constexpr std::size_t kLanes = 4;
using Lanes = std::array<float, kLanes>;

/// One input image: up to kLanes planes [row, column] of the shape of the map. Pixels of weight 0 add nothing.
struct Image {
  std::array<View2<const float>, kLanes> planes;
  std::size_t plane_count = 0;
  View2<const float> weight;
  View2<const std::uint32_t> flags;  ///< may be empty
};

/// The output grid while it is filled: weighted means of all lanes, their weights, and for each pixel the bits of the
/// images that added to it. Weights, context and flags must be zero before the first image.
struct Canvas {
  View2<Lanes> values;
  View2<float> weight;
  View2<std::int32_t> context;    ///< may be empty
  View2<std::uint32_t> flags;     ///< may be empty: or of the flags of the pixels that added
  std::int32_t context_bit = 1;
};

/// Adds the pixels of `section` in the order of rows and columns to the output columns of the band. Pieces of a canvas filled by
/// separate calls have the same values as one call for all columns. `reach` is `reach_of` the same section, `extents` those of
/// the map.
void add_image(const PixelMap& map, const Image& image, const Section& section, const std::vector<RowReach>& reach,
               const ColumnExtents& extents, const Settings& settings, ColumnBand band, const Canvas& canvas);

/// One lane of a canvas; `fill` where nothing was added.
void copy_lane(const Canvas& canvas, std::size_t lane, float fill, View2<float> plane);

}  // namespace spec2::drizzle
