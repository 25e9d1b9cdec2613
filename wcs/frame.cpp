#include "wcs/frame.hpp"

#include <algorithm>
#include <utility>

namespace spec2::wcs {

std::size_t Frame::axis_count() const {
  if (kind != FrameKind::composite) return axes_order.size();
  std::size_t count = 0;
  for (const Frame& part : parts) count += part.axis_count();
  return count;
}

bool Frame::is_celestial() const {
  if (kind == FrameKind::celestial) return true;
  return std::any_of(parts.begin(), parts.end(), [](const Frame& part) { return part.is_celestial(); });
}

Frame frame2d(std::string name, std::vector<std::string> units, std::vector<std::string> axes_names) {
  Frame frame;
  frame.kind = FrameKind::frame2d;
  frame.name = std::move(name);
  frame.axes_order = {0, 1};
  frame.units = std::move(units);
  frame.axes_names = std::move(axes_names);
  return frame;
}

Frame celestial_frame(std::string name, std::vector<std::string> axes_names) {
  Frame frame;
  frame.kind = FrameKind::celestial;
  frame.name = std::move(name);
  frame.axes_order = {0, 1};
  frame.units = {"deg", "deg"};
  frame.axes_names = std::move(axes_names);
  frame.reference_frame = "icrs";
  return frame;
}

Frame spectral_frame(std::string name, int axis, std::string unit, std::string axis_name) {
  Frame frame;
  frame.kind = FrameKind::spectral;
  frame.name = std::move(name);
  frame.axes_order = {axis};
  frame.units = {std::move(unit)};
  frame.axes_names = {std::move(axis_name)};
  return frame;
}

Frame composite_frame(std::string name, std::vector<Frame> parts) {
  Frame frame;
  frame.kind = FrameKind::composite;
  frame.name = std::move(name);
  frame.parts = std::move(parts);
  return frame;
}

}  // namespace spec2::wcs
