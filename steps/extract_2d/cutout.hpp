#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "datamodels/exposure.hpp"
#include "wcs/arena.hpp"
#include "wcs/mapper.hpp"

namespace spec2::extract_2d {

/// Pixels [x_low, x_high) x [y_low, y_high) of an image.
struct PixelBox {
  std::int64_t x_low, x_high, y_low, y_high;
  std::size_t columns() const { return static_cast<std::size_t>(x_high - x_low); }
  std::size_t rows() const { return static_cast<std::size_t>(y_high - y_low); }
};

/// The cutout that belongs to a bounding box: edges go to the pixel whose square they lie in (gwcs.utils.to_index), cut
/// off at the image. Throws Error(data) naming the slit when nothing is left.
PixelBox cutout_box(const wcs::BoundingBox& box, std::size_t rows, std::size_t columns, const std::string& slit);

/// Pixels that the slit covers, also those that the image lacks.
struct SlitSize {
  int columns, rows;
};
SlitSize slit_size(const wcs::BoundingBox& box);

/// Copies a box of all integrations of `image`.
template <class T>
Plane<T> cut_plane(const Plane<T>& image, const PixelBox& box, Account& account, std::string_view purpose) {
  Plane<T> cut = make_unset_plane<T>(account, {image.shape(0), box.rows(), box.columns()}, purpose);
  for (std::size_t n = 0; n < image.shape(0); ++n) {
    const View2<const T> from = view3(image)[n];
    const View2<T> to = view3(cut)[n];
    for (std::size_t y = 0; y < box.rows(); ++y) {
      std::copy_n(from.row(static_cast<std::size_t>(box.y_low) + y) + box.x_low, box.columns(), to.row(y));
    }
  }
  return cut;
}

/// The WCS of the cutout: a shift to the image comes before the first transform, and the bounding box is that of the
/// cutout's pixels. Appends to the arena, which must be open. Source: jwst 3.0.0 extract_2d.nirspec.offset_wcs.
wcs::Wcs cutout_wcs(wcs::Arena& arena, const wcs::Wcs& image_wcs, const PixelBox& box);

/// "POLYGON ICRS  ra dec ..." of the corners of a slit with edges ymin, ymax at 2 micron, and empty when one is NaN.
/// Source: jwst 3.0.0 assign_wcs.util.compute_footprint_nrs_slit.
std::string slit_footprint(const wcs::Arena& arena, const wcs::Wcs& slit_wcs, double ymin, double ymax);

/// Position of the source in the slit, fractions of its size from the centre.
struct SlitPosition {
  double x = 0.0;
  double y = 0.0;
};

/// From the dither offsets XOFFSET, YOFFSET of the header through V2, V3 to the slit frame.
/// Source: jwst 3.0.0 extract_2d.nirspec.get_source_xpos. Throws Error(data) when a keyword is missing.
SlitPosition source_position(const wcs::Arena& arena, const wcs::Wcs& slit_wcs, const Metadata& header);

}  // namespace spec2::extract_2d
