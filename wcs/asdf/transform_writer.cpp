#include "wcs/asdf/transform_writer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "wcs/asdf/yaml_scalar.hpp"

namespace spec2::asdf {

using wcs::Kind;
using wcs::TransformId;

namespace {

std::string list(std::span<const double> values) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(yaml_real(value));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string list(std::span<const std::string_view> names) {
  std::vector<std::string> texts;
  for (const std::string_view name : names) texts.push_back(yaml_text(name));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string box_node(const wcs::BoundingBox& box, std::span<const std::string_view> inputs, std::string_view ignored) {
  std::vector<std::string> intervals;
  for (std::uint32_t i = 0; i < box.axes; ++i) {
    intervals.push_back(fmt::format("{}: [{}, {}]", yaml_text(inputs[i]), yaml_real(box.low[i]), yaml_real(box.high[i])));
  }
  return fmt::format("!transform/property/bounding_box-1.2.0 {{ignore: [{}], intervals: {{{}}}, order: F}}", ignored,
                     fmt::join(intervals, ", "));
}

/// A slit as the list of its values in the order of the peer's named tuple; slices have an id only.
std::string slit_node(const wcs::SlitDescription& slit) {
  if (slit.is_slice) return fmt::format("{}", slit.slit_id);
  const std::string name = slit.numeric_name ? slit.name : yaml_text(slit.name);
  return fmt::format("[{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}]", name, slit.shutter_id,
                     slit.dither_position, yaml_real(slit.xcen), yaml_real(slit.ycen), yaml_real(slit.ymin), yaml_real(slit.ymax),
                     slit.quadrant, slit.source_id, yaml_text(slit.shutter_state), yaml_text(slit.source_name),
                     yaml_text(slit.source_alias), yaml_real(slit.stellarity), yaml_real(slit.source_xpos),
                     yaml_real(slit.source_ypos), yaml_real(slit.source_ra), yaml_real(slit.source_dec),
                     yaml_real(slit.slit_xscale), yaml_real(slit.slit_yscale), slit.slit_id);
}

constexpr std::string_view condition_name(wcs::Condition condition) {
  switch (condition) {
    case wcs::Condition::greater: return "GT";
    case wcs::Condition::less: return "LT";
    case wcs::Condition::equal: return "EQ";
    case wcs::Condition::not_equal: return "NE";
  }
  return "GT";
}

}  // namespace

TransformWriter::Node& TransformWriter::Node::add(std::string_view name, std::string_view value) {
  if (!is_empty) text += ", ";
  is_empty = false;
  text.append(name).append(": ").append(value);
  return *this;
}

std::string TransformWriter::write(TransformId id, std::size_t indent) {
  std::string anchor;
  if (is_worth_an_anchor(id)) {
    written_.resize(std::max<std::size_t>(written_.size(), arena_.size()));
    if (written_[id.index]) return fmt::format("*t{}", id.index);
    // Before what is below it: the inverse of an inverse may be the transform itself.
    written_[id.index] = true;
    anchor = fmt::format("&t{} ", id.index);
  }
  Node node = content(id, indent);
  add_attributes(node, id, arena_.input_names(id), indent);
  return anchor + std::move(node).close();
}

std::string TransformWriter::write_first(TransformId id, const wcs::BoundingBox& box, std::size_t indent) {
  const auto inputs = written_inputs(id);
  return with_box(id, inputs, box ? box_node(box, inputs, "") : std::string(), indent);
}

std::string TransformWriter::write_first(TransformId id, std::span<const wcs::Arena::SlitBox> boxes, std::size_t indent) {
  const auto inputs = written_inputs(id);
  const std::string slit = yaml_text(inputs.back());
  std::vector<std::string> nodes;
  for (const auto& entry : boxes) {
    nodes.push_back(
        fmt::format("{{bbox: {}, key: [{}]}}", box_node(entry.box, inputs, slit), static_cast<std::int64_t>(entry.slit_id)));
  }
  const std::string separator = "," + line_break(indent);
  const std::string box = fmt::format(
      "!transform/property/compound_bounding_box-1.2.0 {{cbbox: [{}], ignore: [], order: F, selector_args: [{{argument: {}, "
      "ignore: true}}]}}",
      fmt::join(nodes, separator), slit);
  return with_box(id, inputs, boxes.empty() ? std::string() : box, indent);
}

std::string TransformWriter::with_box(TransformId id, std::span<const std::string_view> inputs, const std::string& box,
                                      std::size_t indent) {
  Node node = content(id, indent);
  if (!box.empty()) node.add("bounding_box", box);
  add_attributes(node, id, inputs, indent);
  return std::move(node).close();
}

/// A bounding box names the inputs; where none are set they are called as astropy calls those of a compound.
std::vector<std::string_view> TransformWriter::written_inputs(TransformId id) const {
  static constexpr std::array<std::string_view, 4> kDefault = {"x0", "x1", "x2", "x3"};
  auto names = arena_.input_names(id);
  if (names.empty()) {
    names.assign(kDefault.begin(), kDefault.begin() + std::min<std::size_t>(arena_.record(id).inputs, kDefault.size()));
  }
  return names;
}

bool TransformWriter::is_worth_an_anchor(TransformId id) const {
  if (arena_.custom_inverse(id) || !arena_.children(id).empty()) return true;
  switch (arena_.kind(id)) {
    case Kind::polynomial1d:
    case Kind::polynomial2d:
    case Kind::chebyshev1d:
    case Kind::legendre1d:
    case Kind::chebyshev2d:
    case Kind::legendre2d:
    case Kind::affine2d:
    case Kind::tabular1d:
    case Kind::tabular2d: return true;
    default: return false;
  }
}

void TransformWriter::add_attributes(Node& node, TransformId id, std::span<const std::string_view> inputs, std::size_t indent) {
  if (const std::string_view name = arena_.name(id); !name.empty()) node.add("name", yaml_text(name));
  if (!inputs.empty()) node.add("inputs", list(inputs));
  if (const auto outputs = arena_.output_names(id); !outputs.empty()) node.add("outputs", list(outputs));
  if (const TransformId inverse = arena_.custom_inverse(id)) {
    node.add("inverse", line_break(indent) + write(inverse, indent));
  }
}

std::string TransformWriter::array(std::span<const double> values, std::initializer_list<std::size_t> shape) {
  return fmt::format("!core/ndarray-1.1.0 {{source: {}, datatype: float64, byteorder: little, shape: [{}]}}",
                     document_.add_block(std::as_bytes(values)), fmt::join(shape, ", "));
}

TransformWriter::Node TransformWriter::compound(std::string_view operation, TransformId id, std::size_t indent) {
  const std::string line = line_break(indent);
  Node node(fmt::format("!transform/{}-1.4.0", operation));
  const auto below = arena_.children(id);
  const std::string left = write(below[0], indent);
  return std::move(node.add("forward", "[" + line + left + "," + line + write(below[1], indent) + "]"));
}

TransformWriter::Node TransformWriter::fixed_inputs(TransformId id, std::size_t indent) {
  const std::string line = line_break(indent);
  Node node("!transform/fix_inputs-1.4.0");
  const auto below = arena_.integers(id);
  const std::string child = write(arena_.at(below[0]), indent);
  return std::move(node.add("forward", fmt::format("[{0}{1},{0}{{keys: [{2}], values: {3}}}]", line, child,
                                                   fmt::join(below.subspan(1), ", "), list(arena_.parameters(id)))));
}

TransformWriter::Node TransformWriter::slit_selection(std::string_view name, TransformId id, std::size_t indent) {
  std::vector<std::string> slits, models;
  for (std::size_t i = 0; i < arena_.slit_count(id); ++i) {
    slits.push_back(slit_node(arena_.slit(id, i)));
    models.push_back(write(arena_.slit_model(id, i), indent));
  }
  const std::string line = line_break(indent);
  const std::string separator = "," + line;
  Node node(fmt::format("!<tag:stsci.edu:jwst_pipeline/{}>", name));
  node.add("slits", fmt::format("[{}{}]", line, fmt::join(slits, separator)));
  return std::move(node.add("models", fmt::format("[{}{}]", line, fmt::join(models, separator))));
}

TransformWriter::Node TransformWriter::polynomial(TransformId id) {
  const auto p = arena_.parameters(id);
  Node node("!transform/polynomial-1.3.0");
  if (arena_.kind(id) == Kind::polynomial1d) {
    return std::move(node.add("coefficients", array(p.subspan(4), {p.size() - 4}))
                         .add("domain", list(p.subspan(0, 2)))
                         .add("window", list(p.subspan(2, 2))));
  }
  const std::vector<double> matrix = arena_.polynomial_matrix(id);
  const std::size_t side = arena_.integers(id)[0] + 1;
  node.add("coefficients", array(matrix, {side, side}));
  node.add("domain", fmt::format("[{}, {}]", list(p.subspan(0, 2)), list(p.subspan(4, 2))));
  return std::move(node.add("window", fmt::format("[{}, {}]", list(p.subspan(2, 2)), list(p.subspan(6, 2)))));
}

TransformWriter::Node TransformWriter::ortho_polynomial(std::string_view type, TransformId id) {
  const auto p = arena_.parameters(id);
  Node node("!transform/ortho_polynomial-1.2.0");
  node.add("polynomial_type", type);
  if (arena_.record(id).inputs == 1) {
    return std::move(node.add("coefficients", array(p.subspan(4), {p.size() - 4}))
                         .add("domain", list(p.subspan(0, 2)))
                         .add("window", list(p.subspan(2, 2))));
  }
  // Kept with x running fastest, written with y running fastest.
  const std::size_t columns = arena_.integers(id)[0] + 1, rows = arena_.integers(id)[1] + 1;
  const auto kept = p.subspan(8);
  std::vector<double> matrix(kept.size());
  for (std::size_t i = 0; i < columns; ++i) {
    for (std::size_t j = 0; j < rows; ++j) matrix[i * rows + j] = kept[i + j * columns];
  }
  node.add("coefficients", array(matrix, {columns, rows}));
  node.add("domain", fmt::format("[{}, {}]", list(p.subspan(0, 2)), list(p.subspan(4, 2))));
  return std::move(node.add("window", fmt::format("[{}, {}]", list(p.subspan(2, 2)), list(p.subspan(6, 2)))));
}

TransformWriter::Node TransformWriter::tabular(TransformId id) {
  const auto p = arena_.parameters(id);
  const auto k = arena_.integers(id);
  const bool is_plane = arena_.kind(id) == Kind::tabular2d;
  const auto method = static_cast<wcs::TabularMethod>(k[is_plane ? 2 : 1]);
  const auto bounds = static_cast<wcs::TabularBounds>(k[is_plane ? 3 : 2]);
  Node node("!transform/tabular-1.4.0");
  node.add("bounds_error", bounds == wcs::TabularBounds::error ? "true" : "false");
  if (bounds != wcs::TabularBounds::extrapolate) node.add("fill_value", yaml_real(p[0]));
  node.add("method", method == wcs::TabularMethod::linear ? "linear" : "nearest");
  const std::size_t n = k[0];
  if (is_plane) {
    const std::size_t m = k[1];
    node.add("lookup_table", array(p.subspan(1 + n + m), {n, m}));
    return std::move(node.add("points", fmt::format("[{}, {}]", array(p.subspan(1, n), {n}), array(p.subspan(1 + n, m), {m}))));
  }
  std::vector<double> points(p.begin() + 1, p.begin() + 1 + static_cast<std::ptrdiff_t>(n));
  std::vector<double> values(p.begin() + 1 + static_cast<std::ptrdiff_t>(n), p.end());
  // astropy takes rising points only.
  if (points.front() > points.back()) {
    std::reverse(points.begin(), points.end());
    std::reverse(values.begin(), values.end());
  }
  node.add("lookup_table", array(values, {n}));
  return std::move(node.add("points", fmt::format("[{}]", array(points, {n}))));
}

TransformWriter::Node TransformWriter::rotations(std::string_view tag, TransformId id) const {
  std::string axes;
  for (const std::uint32_t axis : arena_.integers(id)) axes += "xyz"[axis];
  return std::move(Node(tag).add("angles", list(arena_.parameters(id))).add("axes_order", axes));
}

TransformWriter::Node TransformWriter::content(TransformId id, std::size_t indent) {
  const auto p = arena_.parameters(id);
  const auto number = [&p](std::size_t i) { return yaml_real(p[i]); };
  const auto one = [&](std::string_view tag, std::string_view name) { return std::move(Node(tag).add(name, number(0))); };
  const auto word = [](std::string_view tag, std::string_view name, std::string_view value) {
    return std::move(Node(tag).add(name, value));
  };
  const auto sky = [&](std::string_view direction) {
    return std::move(word("!transform/rotate3d-1.5.0", "direction", direction)
                         .add("phi", number(0))
                         .add("theta", number(1))
                         .add("psi", number(2)));
  };
  const auto spherical = [&](std::string_view type) {
    return std::move(word("!<tag:stsci.edu:gwcs/spherical_cartesian-1.3.0>", "transform_type", type)
                         .add("wrap_lon_at", fmt::format("{}", p[0])));
  };
  const auto grating = [&](std::string_view tag, std::string_view output) {
    return std::move(word(tag, "output", output).add("groove_density", number(0)).add("order", number(1)));
  };
  constexpr std::string_view kGwcsGrating = "!<tag:stsci.edu:gwcs/grating_equation-1.3.0>";
  constexpr std::string_view kJwstGrating = "!<tag:stsci.edu:jwst_pipeline/grating_equation-1.2.0>";
  constexpr std::string_view kCoords = "!<tag:stsci.edu:jwst_pipeline/coords-1.2.0>";
  constexpr std::string_view kCosines = "!<tag:stsci.edu:gwcs/direction_cosines-1.3.0>";
  switch (arena_.kind(id)) {
    case Kind::identity: return word("!transform/identity-1.4.0", "n_dims", std::to_string(arena_.record(id).inputs));
    case Kind::mapping:
      return std::move(word("!transform/remap_axes-1.5.0", "mapping", fmt::format("[{}]", fmt::join(arena_.integers(id), ", ")))
                           .add("n_inputs", std::to_string(arena_.record(id).inputs)));
    case Kind::shift: return one("!transform/shift-1.4.0", "offset");
    case Kind::scale: return one("!transform/scale-1.4.0", "factor");
    case Kind::multiply: return one("!transform/multiplyscale-1.2.0", "factor");
    case Kind::constant:
      return std::move(one("!transform/constant-1.6.0", "value").add("dimensions", std::to_string(arena_.record(id).inputs)));
    case Kind::linear1d: return std::move(one("!transform/linear1d-1.2.0", "slope").add("intercept", number(1)));
    case Kind::polynomial1d:
    case Kind::polynomial2d: return polynomial(id);
    case Kind::chebyshev1d:
    case Kind::chebyshev2d: return ortho_polynomial("chebyshev", id);
    case Kind::legendre1d:
    case Kind::legendre2d: return ortho_polynomial("legendre", id);
    case Kind::affine2d:
      return std::move(Node("!transform/affine-1.5.0")
                           .add("matrix", array(p.subspan(0, 4), {2, 2}))
                           .add("translation", array(p.subspan(4), {2})));
    case Kind::rotation2d: return one("!transform/rotate2d-1.5.0", "angle");
    case Kind::rotation_sequence3d:
      return std::move(rotations("!transform/rotate_sequence_3d-1.2.0", id).add("rotation_type", "cartesian"));
    case Kind::rotation_to_gwa: return rotations("!<tag:stsci.edu:jwst_pipeline/rotation_sequence-1.2.0>", id);
    case Kind::spherical_to_cartesian: return spherical("spherical_to_cartesian");
    case Kind::cartesian_to_spherical: return spherical("cartesian_to_spherical");
    case Kind::to_direction_cosines: return word(kCosines, "transform_type", "to_direction_cosines");
    case Kind::from_direction_cosines: return word(kCosines, "transform_type", "from_direction_cosines");
    case Kind::pix2sky_tan: return word("!transform/gnomonic-1.4.0", "direction", "pix2sky");
    case Kind::sky2pix_tan: return word("!transform/gnomonic-1.4.0", "direction", "sky2pix");
    case Kind::rotate_native2celestial: return sky("native2celestial");
    case Kind::rotate_celestial2native: return sky("celestial2native");
    case Kind::tabular1d:
    case Kind::tabular2d: return tabular(id);
    case Kind::logical:
      return std::move(word("!<tag:stsci.edu:jwst_pipeline/logical-1.2.0>", "condition",
                            condition_name(static_cast<wcs::Condition>(arena_.integers(id)[0])))
                           .add("compareto", number(0))
                           .add("value", number(1)));
    case Kind::unitless_to_cosines: return word(kCoords, "model_type", "unitless2directional");
    case Kind::cosines_to_unitless: return word(kCoords, "model_type", "directional2unitless");
    case Kind::grating_angles3d: return grating(kGwcsGrating, "angle");
    case Kind::grating_wavelength: return grating(kGwcsGrating, "wavelength");
    case Kind::jwst_grating_angle: return grating(kJwstGrating, "angle");
    case Kind::jwst_grating_wavelength: return grating(kJwstGrating, "wavelength");
    case Kind::refraction_index_from_prism:
      return one("!<tag:stsci.edu:jwst_pipeline/refraction_index_from_prism-1.2.0>", "prism_angle");
    case Kind::snell:
      return std::move(one("!<tag:stsci.edu:jwst_pipeline/snell-1.2.0>", "prism_angle")
                           .add("ref_temp", number(1))
                           .add("ref_pressure", number(2))
                           .add("temp", number(3))
                           .add("pressure", number(4))
                           .add("kcoef", list(p.subspan(5, 3)))
                           .add("lcoef", list(p.subspan(8, 3)))
                           .add("tcoef", list(p.subspan(11, 6))));
    case Kind::snell3d: return Node("!<tag:stsci.edu:gwcs/snell3d-1.3.0>");
    case Kind::sellmeier_glass:
      return std::move(Node("!<tag:stsci.edu:gwcs/sellmeier_glass-1.3.0>")
                           .add("B_coef", array(p.subspan(0, 3), {3}))
                           .add("C_coef", array(p.subspan(3), {3})));
    case Kind::miri_ab_to_slice:
      return std::move(one("!<tag:stsci.edu:jwst_pipeline/miri_ab2slice-1.2.0>", "beta_zero")
                           .add("beta_del", number(1))
                           .add("channel", number(2)));
    case Kind::compose: return compound("compose", id, indent);
    case Kind::concatenate: return compound("concatenate", id, indent);
    case Kind::add: return compound("add", id, indent);
    case Kind::subtract: return compound("subtract", id, indent);
    case Kind::multiply_by: return compound("multiply", id, indent);
    case Kind::divide: return compound("divide", id, indent);
    case Kind::power: return compound("power", id, indent);
    case Kind::fix_inputs: return fixed_inputs(id, indent);
    case Kind::gwa_to_slit: return slit_selection("gwa_to_slit-1.2.0", id, indent);
    case Kind::slit_to_gwa: return slit_selection("slit_to_gwa-1.2.0", id, indent);
    case Kind::slit_to_msa: return slit_selection("slit_to_msa-1.2.0", id, indent);
    case Kind::msa_to_slit: return slit_selection("msa_to_slit-1.0.0", id, indent);
    default: break;
  }
  throw Error(ErrorCause::internal,
              fmt::format("the transform {} '{}' has no form in ASDF", to_string(arena_.kind(id)), arena_.name(id)));
}

}  // namespace spec2::asdf
