#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "wcs/arena.hpp"

namespace spec2::wcs {

/// The WCS of an image, slit or slice: an ordered list of frames with the transform from each to the next. Small, trivially
/// copyable; everything it names lies in the arena it was built in, and all slits share the records they have in common.
///
/// Pixel coordinates of the first frame are 0-based, integers at pixel centres, x before y. The transforms of NIRSpec before
/// a slit is chosen take and give the slit id as one more coordinate ("name" in the peer).
struct Wcs {
  static constexpr std::size_t kMaxFrames = 14;
  struct Step {
    FrameId frame;
    TransformId transform;  ///< to the next frame; null for the last
  };

  std::array<Step, kMaxFrames> steps{};
  std::uint32_t count = 0;
  /// On the input of the whole forward transform; the peer keeps it on the first transform.
  BoundingBox bounding_box;
  /// One box a slit, for a WCS that takes a slit id: `Arena::slit_boxes`.
  std::uint32_t first_slit_box = 0;
  std::uint32_t slit_box_count = 0;
  /// Columns and rows of the image it was made for (a rectified one); zeros when it is not tied to one.
  std::array<std::uint32_t, 2> pixel_shape{};

  bool empty() const noexcept { return count == 0; }
  std::span<const Step> frames() const noexcept { return {steps.data(), count}; }
};
static_assert(std::is_trivially_copyable_v<Wcs>);

/// Adds a frame and the transform from it to the next one (null for the last).
void add_step(Wcs& wcs, FrameId frame, TransformId transform);
/// Puts a frame behind `after`: `transform` leads from `after` to it, and what led on from `after` starts there now.
/// The peer's WCS.insert_frame(input_frame, transform, output_frame).
void insert_frame(Arena& arena, Wcs& wcs, std::string_view after, TransformId transform, FrameId frame);

/// Position of a frame; throws Error(internal) listing the frames when there is none of this name.
std::size_t frame_index(const Arena& arena, const Wcs& wcs, std::string_view name);
bool has_frame(const Arena& arena, const Wcs& wcs, std::string_view name);
std::vector<std::string> frame_names(const Arena& arena, const Wcs& wcs);
/// The frame the forward transform leads to.
const Frame& output_frame(const Arena& arena, const Wcs& wcs);

}  // namespace spec2::wcs
