#include "wcs/wcs.hpp"

#include <fmt/ranges.h>

#include "core/error.hpp"

namespace spec2::wcs {

void add_step(Wcs& wcs, FrameId frame, TransformId transform) {
  if (wcs.count == Wcs::kMaxFrames) throw Error(ErrorCause::internal, "a WCS has more frames than fit in it");
  wcs.steps[wcs.count++] = {frame, transform};
}

void insert_frame(Arena& arena, Wcs& wcs, std::string_view after, TransformId transform, FrameId frame) {
  const std::size_t at = frame_index(arena, wcs, after);
  if (wcs.count == Wcs::kMaxFrames) throw Error(ErrorCause::internal, "a WCS has more frames than fit in it");
  if (arena.outputs(transform) != arena.inputs(transform)) {
    throw Error(ErrorCause::internal, fmt::format("the transform to the new frame behind {} changes the number of axes", after));
  }
  for (std::size_t i = wcs.count; i > at + 1; --i) wcs.steps[i] = wcs.steps[i - 1];
  ++wcs.count;
  wcs.steps[at + 1] = {frame, wcs.steps[at].transform};
  wcs.steps[at].transform = transform;
}

std::size_t frame_index(const Arena& arena, const Wcs& wcs, std::string_view name) {
  for (std::size_t i = 0; i < wcs.count; ++i) {
    if (arena.frame(wcs.steps[i].frame).name == name) return i;
  }
  throw Error(ErrorCause::internal,
              fmt::format("no frame '{}' in this WCS; it has {}", name, fmt::join(frame_names(arena, wcs), ", ")));
}

bool has_frame(const Arena& arena, const Wcs& wcs, std::string_view name) {
  for (const Wcs::Step& step : wcs.frames()) {
    if (arena.frame(step.frame).name == name) return true;
  }
  return false;
}

std::vector<std::string> frame_names(const Arena& arena, const Wcs& wcs) {
  std::vector<std::string> names;
  for (const Wcs::Step& step : wcs.frames()) names.push_back(arena.frame(step.frame).name);
  return names;
}

const Frame& output_frame(const Arena& arena, const Wcs& wcs) {
  if (wcs.empty()) throw Error(ErrorCause::internal, "this WCS has no frames");
  return arena.frame(wcs.steps[wcs.count - 1].frame);
}

}  // namespace spec2::wcs
