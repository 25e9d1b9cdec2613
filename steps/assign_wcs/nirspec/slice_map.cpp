#include "steps/assign_wcs/nirspec/slice_map.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "steps/assign_wcs/nirspec/ifu_pipeline.hpp"
#include "steps/assign_wcs/nirspec/slit_pipeline.hpp"
#include "wcs/mapper.hpp"

namespace spec2::assign_wcs::nirspec {

using wcs::Arena;
using wcs::TransformId;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Range {
  double low = kInfinity;
  double high = -kInfinity;
  std::size_t count = 0;
  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
    ++count;
  }
  void add(const Range& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
    count += other.count;
  }
};

struct SlicePixels {
  Range x, y, dec;
  Range ra_low, ra_high;  ///< below and above 180 degrees, for fields across 0
};

// Right ascensions on one side of 0/360, the side where most of them are (wrap_ra of the peer).
std::array<double, 2> ra_range(const Range& low, const Range& high) {
  if (low.count == 0) return {high.low, high.high};
  if (high.count == 0 || high.high - low.low <= 180.0) return {low.low, high.count ? high.high : low.high};
  const bool mostly_low = low.count > high.count;
  double first = mostly_low ? high.low - 360.0 : high.low, last = mostly_low ? low.high : low.high + 360.0;
  if (first < 0.0) first += 360.0;
  if (last >= 360.0) last -= 360.0;
  return {first, last};
}

SlicePixels find_pixels(const Arena& arena, const wcs::Wcs& by_slice, int slice, const wcs::BoundingBox& box,
                        std::vector<std::uint16_t>& labels) {
  const wcs::Mapper mapper = wcs::Mapper::forward(arena, by_slice, slice);
  const bool sky = wcs::has_frame(arena, by_slice, "world");
  const wcs::PixelRange pixels = wcs::pixel_range(box);
  std::vector<double> ra(pixels.columns()), dec(ra.size()), lam(ra.size());
  wcs::Scratch scratch;
  SlicePixels found;
  for (std::int64_t row = pixels.y_first; row <= pixels.y_last; ++row) {
    const View2<double> out[] = {{ra.data(), 1, ra.size()}, {dec.data(), 1, ra.size()}, {lam.data(), 1, ra.size()}};
    mapper.grid(scratch, static_cast<double>(pixels.x_first), static_cast<double>(row), ra.size(), 1, out);
    for (std::size_t k = 0; k < ra.size(); ++k) {
      if (sky && std::isfinite(ra[k])) (ra[k] < 180.0 ? found.ra_low : found.ra_high).add(ra[k]);
      if (sky && !std::isnan(dec[k])) found.dec.add(dec[k]);
      if (!std::isfinite(lam[k])) continue;
      const std::int64_t column = pixels.x_first + static_cast<std::int64_t>(k);
      found.x.add(static_cast<double>(column));
      found.y.add(static_cast<double>(row));
      labels[static_cast<std::size_t>(row) * SliceMap::kSide + static_cast<std::size_t>(column)] =
          static_cast<std::uint16_t>(slice + 1);
    }
  }
  return found;
}

// All pixels of a slice have the same x on the slicer but for rounding; pixels outside the slice have none.
double mean_slicer_x(const Arena& arena, const wcs::Wcs& by_slice, int slice, const wcs::BoundingBox& box) {
  wcs::Mapper mapper = wcs::Mapper::between(arena, by_slice, "detector", "slicer", slice);
  const wcs::PixelRange pixels = wcs::pixel_range(box);
  std::vector<double> x(pixels.columns());
  wcs::Scratch scratch;
  double sum = 0.0;
  std::size_t count = 0;
  for (std::int64_t row = pixels.y_first; row <= pixels.y_last; ++row) {
    const View2<double> out[] = {{x.data(), 1, x.size()}, {}, {}};
    mapper.grid(scratch, static_cast<double>(pixels.x_first), static_cast<double>(row), x.size(), 1, out);
    for (const double value : x) {
      if (std::isnan(value)) continue;
      sum += value;
      ++count;
    }
  }
  return std::nearbyint(sum / static_cast<double>(count) * 1e5) / 1e5;
}

}  // namespace

SliceMap map_slices(const Arena& arena, const wcs::Wcs& by_slice, const Parallel& parallel) {
  const std::vector<Arena::SlitBox> boxes = arena.slit_boxes(by_slice.first_slit_box, by_slice.slit_box_count);
  if (boxes.size() != kSlices) throw Error(ErrorCause::internal, "the slice map needs a WCS with the boxes of 30 slices");
  // Slices may overlap at their edges; the peer gives the pixel to the later one. Each slice marks a map of its own rows.
  SliceMap map;
  map.slicer_x.resize(kSlices);
  map.boxes.resize(kSlices);
  std::vector<std::vector<std::uint16_t>> marked(kSlices);
  std::vector<SlicePixels> pixels(kSlices);
  parallel.for_each(kSlices, [&](std::size_t i) {
    const int slice = static_cast<int>(i);
    const wcs::PixelRange range = wcs::pixel_range(boxes[i].box);
    marked[i].assign((static_cast<std::size_t>(range.y_last) + 1) * SliceMap::kSide, 0);
    pixels[i] = find_pixels(arena, by_slice, slice, boxes[i].box, marked[i]);
    map.slicer_x[i] = mean_slicer_x(arena, by_slice, slice, boxes[i].box);
    if (pixels[i].x.count > 0) {
      map.boxes[i] =
          wcs::BoundingBox::xy(pixels[i].x.low - 0.5, pixels[i].x.high + 0.5, pixels[i].y.low - 0.5, pixels[i].y.high + 0.5);
    }
    marked[i].erase(marked[i].begin(), marked[i].begin() + static_cast<std::ptrdiff_t>(range.y_first) * SliceMap::kSide);
  });
  map.labels.assign(static_cast<std::size_t>(SliceMap::kSide) * SliceMap::kSide, 0);
  SlicePixels all;
  for (std::size_t i = 0; i < kSlices; ++i) {
    const std::size_t first = static_cast<std::size_t>(wcs::pixel_range(boxes[i].box).y_first) * SliceMap::kSide;
    for (std::size_t k = 0; k < marked[i].size(); ++k) {
      if (marked[i][k] != 0) map.labels[first + k] = marked[i][k];
    }
    all.dec.add(pixels[i].dec);
    all.ra_low.add(pixels[i].ra_low);
    all.ra_high.add(pixels[i].ra_high);
  }
  map.sky = {kNan, kNan, kNan, kNan};
  if (all.dec.count > 0) {
    const auto [ra_first, ra_last] = ra_range(all.ra_low, all.ra_high);
    map.sky = {ra_first, ra_last, all.dec.low, all.dec.high};
  }
  return map;
}

wcs::Wcs coordinate_wcs(Arena& arena, const wcs::Wcs& by_slice, const SliceMap& map) {
  const wcs::Wcs first = one_slit_wcs(arena, by_slice, 0);
  const TransformId to_gwa = arena.compose(first.steps[0].transform, first.steps[1].transform);
  std::vector<double> labels;
  std::vector<TransformId> to_slicer, label_models;
  for (int slice = 0; slice < kSlices; ++slice) {
    const wcs::Wcs one = slice == 0 ? first : one_slit_wcs(arena, by_slice, slice);
    const TransformId chain = arena.compose({to_gwa, one.steps[2].transform, one.steps[3].transform});
    arena.set_input_names(chain, {"x", "y"});
    arena.set_bounding_box(chain, map.boxes[static_cast<std::size_t>(slice)]);
    labels.push_back(slice + 1);
    to_slicer.push_back(chain);
    label_models.push_back(arena.compose(arena.mapping({0}, 3), arena.constant(slice + 1)));
  }
  const TransformId by_pixel = arena.label_mapper_array(SliceMap::kSide, SliceMap::kSide, map.labels);
  const TransformId by_place = arena.label_mapper_dict(map.slicer_x, label_models, 1e-4, arena.mapping({0}, 3), kNan, 3);
  arena.set_input_names(by_place, {"x_slice", "y_slice", "lam"});
  arena.set_inverse(by_pixel, by_place);
  const TransformId selector = arena.regions_selector(by_pixel, labels, to_slicer, kNan, 2, 3);
  arena.set_name(selector, "det2slicer");
  arena.set_input_names(selector, {"x", "y"});
  arena.set_output_names(selector, {"x_slice", "y_slice", "lam"});
  const TransformId nothing = arena.identity(2);
  arena.set_name(nothing, "coord2det");
  arena.set_input_names(nothing, {"x", "y"});
  arena.set_output_names(nothing, {"x", "y"});

  wcs::Wcs wcs;
  wcs::add_step(wcs, arena.add_frame(wcs::frame2d("coordinates")), nothing);
  wcs::add_step(wcs, by_slice.steps[0].frame, selector);
  for (std::size_t i = wcs::frame_index(arena, by_slice, "slicer"); i < by_slice.count; ++i) {
    wcs::add_step(wcs, first.steps[i].frame, first.steps[i].transform);
  }
  return wcs;
}

wcs::Wcs slice_wcs(const Arena& arena, const wcs::Wcs& by_coordinates, int slice) {
  const TransformId selector = by_coordinates.steps[1].transform;
  wcs::Wcs one = by_coordinates;
  one.bounding_box = arena.bounding_box(arena.children(selector).at(static_cast<std::size_t>(slice) + 1));
  return one;
}

std::span<const std::uint16_t> slice_labels(const Arena& arena, const wcs::Wcs& by_coordinates) {
  return arena.labels(arena.children(by_coordinates.steps[1].transform).front());
}

std::string slice_footprint(const SliceMap& map) {
  const auto [ra_low, ra_high, dec_low, dec_high] = map.sky;
  if (std::isnan(ra_low) || std::isnan(dec_low)) return {};
  return fmt::format("POLYGON ICRS  {:.9f} {:.9f} {:.9f} {:.9f} {:.9f} {:.9f} {:.9f} {:.9f}", ra_low, dec_low, ra_high, dec_low,
                     ra_high, dec_high, ra_low, dec_high);
}

}  // namespace spec2::assign_wcs::nirspec
