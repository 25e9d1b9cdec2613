#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/memory/account.hpp"
#include "core/parallel.hpp"
#include "wcs/wcs.hpp"

namespace spec2::assign_wcs::nirspec {

/// What the pixels of the IFU image belong to, and where they look.
struct SliceMap {
  static constexpr int kSide = 2048;
  std::vector<std::uint16_t> labels;          ///< [row][column]: slice + 1, 0 between the slices
  std::vector<wcs::BoundingBox> boxes;        ///< of the pixels of each slice with a wavelength
  std::vector<double> slicer_x;               ///< of each slice: its mean place on the slicer (m), rounded to 1e-5
  std::array<double, 4> sky{};  ///< lowest and highest right ascension, then declination, degrees; NaN without a sky
};

/// Runs the slice-based WCS over the bounding boxes of all slices, in parallel by slice.
/// Source: jwst 3.0.0 assign_wcs.nirspec.apply_slicemap and assign_wcs.util.compute_footprint_nrs_ifu.
SliceMap map_slices(const wcs::Arena& arena, const wcs::Wcs& by_slice, const Parallel& parallel);

/// The coordinate-based WCS that finds the slice by pixel (back: by the place on the slicer). Frames: coordinates, detector,
/// slicer and those behind it. Appends to the arena, which must be open; the map goes into it (8 MB).
wcs::Wcs coordinate_wcs(wcs::Arena& arena, const wcs::Wcs& by_slice, const SliceMap& map);

/// The WCS of one slice: `by_coordinates` with the bounding box of the slice.
wcs::Wcs slice_wcs(const wcs::Arena& arena, const wcs::Wcs& by_coordinates, int slice);

/// The map of labels of a coordinate-based WCS, [row][column] of 2048 x 2048.
std::span<const std::uint16_t> slice_labels(const wcs::Arena& arena, const wcs::Wcs& by_coordinates);

/// "POLYGON ICRS  ..." around the sky of the map, or empty where there is none.
std::string slice_footprint(const SliceMap& map);

}  // namespace spec2::assign_wcs::nirspec
