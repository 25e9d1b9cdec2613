#pragma once

#include <cstdint>
#include <vector>

#include "core/memory/buffer.hpp"
#include "core/view.hpp"

namespace spec2::drizzle {

/// Where the centre of each input pixel falls on the output image, [input row, input column], 0-based pixels; NaN where
/// it falls nowhere.
struct PixelMap {
  View2<const double> x;
  View2<const double> y;

  std::int64_t columns() const { return static_cast<std::int64_t>(x.columns); }
  std::int64_t rows() const { return static_cast<std::int64_t>(x.rows); }
};

/// A rectangle of input pixels; all four are inside.
struct Section {
  std::int64_t x_first = 0;
  std::int64_t x_last = 0;
  std::int64_t y_first = 0;
  std::int64_t y_last = 0;
};

/// Columns first..last of one input row; last < first for none.
struct RowReach {
  std::int64_t first = 0;
  std::int64_t last = -1;
};

/// Output columns [first, last).
struct ColumnBand {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

/// Least and largest output columns of blocks of input pixels of a row and of their neighbours, between which their corners lie:
/// tells which blocks cannot touch a band.
class ColumnExtents {
  static constexpr std::int64_t kBlock = 32;
  struct Extent {
    double low, high;
  };

 public:
  /// With one band there is nothing to tell, and nothing is looked at. Else holds bytes(rows, columns) of the map.
  ColumnExtents(const PixelMap& map, std::int64_t bands, Account& account);
  static constexpr std::size_t bytes(std::size_t rows, std::size_t columns) {
    return rows * (columns / static_cast<std::size_t>(kBlock) + 1) * sizeof(Extent);
  }

  /// Last column of the block that this one is in.
  static std::int64_t last_of_block(std::int64_t column) { return column / kBlock * kBlock + kBlock - 1; }
  /// Whether no pixel of the block at `column` of an input row touches the band. Blocks at the border of the map, where
  /// corners are extrapolated, always may.
  bool is_far(std::int64_t row, std::int64_t column, ColumnBand band) const {
    const bool is_inside = row > 0 && row < rows_ - 2 && column >= kBlock && last_of_block(column) < columns_ - 2;
    if (blocks_.empty() || !is_inside) return false;
    const Extent* const block = blocks_.data() + row * per_row_ + column / kBlock;
    const auto outside = [&](const Extent& of) {
      return of.high < static_cast<double>(band.first) - 1.0 || of.low > static_cast<double>(band.last) + 1.0;
    };
    const auto join = [](const Extent& a, const Extent& b) {
      return Extent{a.low < b.low ? a.low : b.low, a.high > b.high ? a.high : b.high};
    };
    return outside(join(*block, join(block[-per_row_], block[per_row_])));
  }

 private:
  std::int64_t rows_, columns_, per_row_;
  Buffer<Extent> blocks_;  ///< [row, block], each with the columns beside it
};

/// Position of a point between pixel centres, by bilinear interpolation of the map, extrapolated at its borders. False
/// when a map value that is used is NaN.
bool interpolate_map(const PixelMap& map, double x_in, double y_in, double& x_out, double& y_out);

/// Shrinks the section to the rows and columns that have valid map values; false when less than two are left on an axis.
bool shrink_section(const PixelMap& map, Section& section);

/// The input pixels that can reach an output image of `rows` x `columns`: one entry for each input row of the map, empty
/// outside the section. The outline of the section is laid on the output image, cut to it and carried back, with a margin
/// for the error of the way back (0.03 pixels). Where the outline cannot be mapped (NaN at its corners) the whole
/// section is kept. Source: package drizzle 2.2.0, cdrizzlemap.c (init_image_scanner, get_scanline_limits).
std::vector<RowReach> reach_of(const PixelMap& map, const Section& section, std::size_t rows, std::size_t columns);

}  // namespace spec2::drizzle
