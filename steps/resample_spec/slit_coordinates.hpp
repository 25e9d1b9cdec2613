#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "core/memory/buffer.hpp"
#include "core/parallel.hpp"
#include "core/view.hpp"
#include "wcs/arena.hpp"
#include "wcs/mapper.hpp"
#include "wcs/wcs.hpp"

namespace spec2::resample_spec {

/// Three coordinates of every pixel of a slit, [row, column], and room for one more value a pixel. The coordinates are those
/// of a frame: slit (fractions and metres), world (degrees and micron), MSA (metres and micron); later the offsets in the
/// tangent plane and, in the end, pixels of the output.
class SlitCoordinates {
 public:
  SlitCoordinates(Account& account, std::size_t rows, std::size_t columns);

  std::size_t rows() const noexcept { return rows_; }
  std::size_t columns() const noexcept { return columns_; }
  View2<double> x() { return view(0); }
  View2<double> y() { return view(1); }
  View2<double> wavelength() { return view(2); }
  std::span<double> all_x() { return values(0); }
  std::span<double> all_y() { return values(1); }
  std::span<double> spare() { return values(3); }

  static constexpr std::size_t kPixelBytes = 4 * sizeof(double);

  /// Fills the coordinates of the last frame, NaN outside the bounding box.
  void to_output(const wcs::Arena& arena, const wcs::Wcs& wcs, const Parallel& parallel);
  /// Fills the coordinates of the frame "slit_frame", without bounding box.
  void to_slit(const wcs::Arena& arena, const wcs::Wcs& wcs, const Parallel& parallel);
  /// From those to the last frame, NaN outside the bounding box: the two give what `to_output` gives, evaluated once.
  void slit_to_output(const wcs::Arena& arena, const wcs::Wcs& wcs, const Parallel& parallel);
  /// From the last frame of another WCS of the same sky to its pixels: x() and y() are then columns and rows, without
  /// bounding box.
  void output_to_pixels(const wcs::Arena& arena, const wcs::Wcs& wcs);

 private:
  View2<double> view(std::size_t i) { return {values_.data() + i * rows_ * columns_, rows_, columns_}; }
  std::span<double> values(std::size_t i) { return {values_.data() + i * rows_ * columns_, rows_ * columns_}; }
  void map_rows(const wcs::Mapper& mapper, const Parallel& parallel);
  void blank_outside(const wcs::BoundingBox& box);

  std::size_t rows_, columns_;
  Buffer<double> values_;
};

/// The frame the forward transform ends in.
std::string_view output_frame_name(const wcs::Arena& arena, const wcs::Wcs& wcs);
/// True when the WCS leads to angles; that of lamps ends at the MSA. Source: jwst 3.0.0 assign_wcs.util.is_sky_like.
bool is_on_sky(const wcs::Arena& arena, const wcs::Wcs& wcs);

/// Size of a pixel across the dispersion at the middle of the bounding box in degrees; NaN when it cannot be told.
/// Source: jwst 3.0.0 resample_spec.compute_spectral_pixel_scale, stcal.alignment.util.compute_scale.
double spatial_pixel_scale_deg(const wcs::Arena& arena, const wcs::Wcs& wcs);

}  // namespace spec2::resample_spec
