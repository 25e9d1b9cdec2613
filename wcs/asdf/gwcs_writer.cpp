#include "wcs/asdf/gwcs_writer.hpp"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "wcs/asdf/yaml_scalar.hpp"

namespace spec2::asdf {
namespace {

using wcs::Frame;
using wcs::FrameKind;

std::string texts(const std::vector<std::string>& values, std::string_view prefix = {}) {
  std::vector<std::string> quoted;
  for (const std::string& value : values) quoted.push_back(yaml_text(fmt::format("{}{}", prefix, value)));
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

std::string units(const Frame& frame) {
  std::vector<std::string> nodes;
  for (const std::string& unit : frame.units) nodes.push_back("!unit/unit-1.0.0 " + yaml_text(unit));
  return fmt::format("[{}]", fmt::join(nodes, ", "));
}

/// What an axis means, by gwcs's defaults where the frame does not say.
std::string physical_types(const Frame& frame) {
  if (!frame.axis_physical_types.empty()) return texts(frame.axis_physical_types);
  switch (frame.kind) {
    case FrameKind::celestial: return "[pos.eq.ra, pos.eq.dec]";
    case FrameKind::spectral: return "[em.wl]";
    case FrameKind::generic: return texts(frame.axes_types, "custom:");
    default: return texts(frame.axes_names, "custom:");
  }
}

std::string frame_node(const Frame& frame, std::size_t indent) {
  const std::string line = line_break(indent);
  if (frame.kind == FrameKind::composite) {
    std::vector<std::string> parts;
    for (const Frame& part : frame.parts) parts.push_back(line + frame_node(part, indent));
    return fmt::format("!<tag:stsci.edu:gwcs/composite_frame-1.0.0> {{name: {}, frames: [{}]}}", yaml_text(frame.name),
                       fmt::join(parts, ","));
  }
  std::string tag = "frame2d-1.2.0", further;
  if (frame.kind == FrameKind::celestial) {
    tag = "celestial_frame-1.2.0";
    further = "," + line + "reference_frame: !<tag:astropy.org:astropy/coordinates/frames/icrs-1.1.0> {frame_attributes: {}}";
  } else if (frame.kind == FrameKind::spectral) {
    tag = "spectral_frame-1.2.0";
  } else if (frame.kind == FrameKind::generic) {
    tag = "frame-1.2.0";
    further = fmt::format(", naxes: {}, axes_type: {}", frame.axis_count(), texts(frame.axes_types));
  }
  return fmt::format(
      "!<tag:stsci.edu:gwcs/{}> {{name: {}, axes_order: [{}], axes_names: {},{}unit: {}, axis_physical_types: {}{}}}", tag,
      yaml_text(frame.name), fmt::join(frame.axes_order, ", "), texts(frame.axes_names), line, units(frame),
      physical_types(frame), further);
}

}  // namespace

std::string GwcsWriter::write(const wcs::Wcs& wcs, std::size_t indent) {
  const std::string lead(indent, ' ');
  std::string text = fmt::format(" !<tag:stsci.edu:gwcs/wcs-1.4.0>\n{0}name: ''\n{0}pixel_shape: {1}\n{0}steps:\n", lead,
                                 wcs.pixel_shape[0] ? fmt::format("[{}]", fmt::join(wcs.pixel_shape, ", ")) : "null");
  bool is_first = true;
  for (const wcs::Wcs::Step& step : wcs.frames()) {
    std::string transform = "null";
    if (step.transform && is_first && wcs.slit_box_count > 0) {
      transform = transforms_.write_first(step.transform, arena_.slit_boxes(wcs.first_slit_box, wcs.slit_box_count), indent + 4);
    } else if (step.transform && is_first) {
      transform = transforms_.write_first(step.transform, wcs.bounding_box, indent + 4);
    } else if (step.transform) {
      transform = transforms_.write(step.transform, indent + 4);
    }
    is_first = false;
    text += fmt::format("{0}- !<tag:stsci.edu:gwcs/step-1.3.0>\n{0}  frame: {1}\n{0}  transform: {2}\n", lead,
                        frame_node(arena_.frame(step.frame), indent + 4), transform);
  }
  return text;
}

}  // namespace spec2::asdf
