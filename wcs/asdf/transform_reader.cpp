#include "wcs/asdf/transform_reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

namespace spec2::asdf {
namespace {

using wcs::Arena;
using wcs::Kind;
using wcs::TransformId;

constexpr int kDeepestTree = 200;
constexpr std::size_t kMostTransforms = 100000;

/// Reads the transforms of one tree.
class Reader {
 public:
  Reader(const AsdfFile& file, Arena& arena) : file_(file), arena_(arena) {}

  TransformId read(const YAML::Node& node) {
    if (++depth_ > kDeepestTree) file_.fail("transforms are nested too deep");
    if (++count_ > kMostTransforms) file_.fail("the file holds too many transforms");
    const std::string name = bare_tag(node.Tag());
    const auto found = builders().find(name);
    if (found == builders().end()) file_.fail("the transform tag " + node.Tag() + " is not known here", node.Tag());
    TransformId id = (this->*found->second)(node);
    open_.emplace_back(node, id);
    read_attributes(node, id);
    open_.pop_back();
    --depth_;
    return id;
  }

 private:
  using Builder = TransformId (Reader::*)(const YAML::Node&);

  static const std::unordered_map<std::string, Builder>& builders();

  double real(const YAML::Node& node, const char* key) const {
    if (!node[key]) file_.fail(fmt::format("a {} lacks {}", bare_tag(node.Tag()), key), key);
    const std::vector<double> values =
        file_.array(node[key].IsScalar() ? YAML::Node(std::vector<double>{node[key].as<double>()}) : node[key]);
    if (values.size() != 1) file_.fail(fmt::format("{} of a {} is no single number", key, bare_tag(node.Tag())), key);
    return values[0];
  }
  std::vector<double> reals(const YAML::Node& node, const char* key) const {
    if (!node[key]) file_.fail(fmt::format("a {} lacks {}", bare_tag(node.Tag()), key), key);
    return file_.array(node[key]);
  }
  static std::array<double, 2> pair(const YAML::Node& node) {
    if (!node || node.IsNull()) return {-1.0, 1.0};
    return {node[0].as<double>(), node[1].as<double>()};
  }
  /// domain or window of one of two axes.
  static std::array<double, 2> axis_pair(const YAML::Node& node, const char* key, std::size_t axis) {
    return node[key] && node[key].size() == 2 ? pair(node[key][axis]) : std::array<double, 2>{-1.0, 1.0};
  }
  std::vector<TransformId> forward(const YAML::Node& node) {
    const YAML::Node parts = node["forward"];
    if (!parts || !parts.IsSequence() || parts.size() < 2) {
      file_.fail(fmt::format("a {} has no two parts", bare_tag(node.Tag())), "forward");
    }
    std::vector<TransformId> ids;
    for (const YAML::Node& part : parts) ids.push_back(read(part));
    return ids;
  }
  TransformId combined(const YAML::Node& node, Kind kind) {
    const auto ids = forward(node);
    TransformId id = ids[0];
    for (std::size_t i = 1; i < ids.size(); ++i) id = arena_.arithmetic(kind, id, ids[i]);
    return id;
  }

  TransformId compose(const YAML::Node& node) {
    const auto ids = forward(node);
    TransformId id = ids[0];
    for (std::size_t i = 1; i < ids.size(); ++i) id = arena_.compose(id, ids[i]);
    return id;
  }
  TransformId concatenate(const YAML::Node& node) {
    const auto ids = forward(node);
    TransformId id = ids[0];
    for (std::size_t i = 1; i < ids.size(); ++i) id = arena_.concatenate(id, ids[i]);
    return id;
  }
  TransformId add(const YAML::Node& node) { return combined(node, Kind::add); }
  TransformId subtract(const YAML::Node& node) { return combined(node, Kind::subtract); }
  TransformId multiply_by(const YAML::Node& node) { return combined(node, Kind::multiply_by); }
  TransformId divide(const YAML::Node& node) { return combined(node, Kind::divide); }
  TransformId power(const YAML::Node& node) { return combined(node, Kind::power); }

  TransformId fix_inputs(const YAML::Node& node) {
    const YAML::Node parts = node["forward"];
    if (!parts || parts.size() != 2) file_.fail("a fix_inputs has no two parts", "forward");
    const TransformId child = read(parts[0]);
    std::vector<Arena::FixedInput> fixed;
    const YAML::Node keys = parts[1]["keys"];
    const YAML::Node values = parts[1]["values"];
    for (std::size_t i = 0; i < keys.size(); ++i) fixed.push_back({keys[i].as<int>(), values[i].as<double>()});
    return arena_.fix_inputs(child, fixed);
  }

  TransformId identity(const YAML::Node& node) { return arena_.identity(node["n_dims"] ? node["n_dims"].as<int>() : 1); }
  TransformId remap_axes(const YAML::Node& node) {
    const auto sources = node["mapping"].as<std::vector<int>>();
    return arena_.mapping(sources, node["n_inputs"] ? node["n_inputs"].as<int>() : 0);
  }
  TransformId shift(const YAML::Node& node) { return arena_.shift(real(node, "offset")); }
  TransformId scale(const YAML::Node& node) { return arena_.scale(real(node, "factor")); }
  TransformId multiplyscale(const YAML::Node& node) { return arena_.multiply(real(node, "factor")); }
  TransformId constant(const YAML::Node& node) {
    return arena_.constant(real(node, "value"), node["dimensions"] ? node["dimensions"].as<int>() : 1);
  }
  TransformId linear1d(const YAML::Node& node) { return arena_.linear1d(real(node, "slope"), real(node, "intercept")); }

  TransformId polynomial(const YAML::Node& node) {
    const ArrayInfo info = file_.array_info(node["coefficients"]);
    const std::vector<double> values = file_.array(node["coefficients"]);
    if (info.shape.size() == 1) return arena_.polynomial1d(values, pair(node["domain"]), pair(node["window"]));
    if (info.shape.size() != 2 || info.shape[0] != info.shape[1] || info.shape[0] == 0 || info.shape[0] > 64) {
      file_.fail("the coefficients of a polynomial are no square matrix", "coefficients");
    }
    return arena_.polynomial2d(static_cast<int>(info.shape[0]) - 1, values, axis_pair(node, "domain", 0),
                               axis_pair(node, "window", 0), axis_pair(node, "domain", 1), axis_pair(node, "window", 1));
  }
  TransformId ortho_polynomial(const YAML::Node& node) {
    const ArrayInfo info = file_.array_info(node["coefficients"]);
    const std::vector<double> values = file_.array(node["coefficients"]);
    const std::string type = node["polynomial_type"].as<std::string>();
    if (type != "chebyshev" && type != "legendre") {
      file_.fail("polynomials of type " + type + " are not known here", "polynomial_type");
    }
    const bool chebyshev = type == "chebyshev";
    if (info.shape.size() == 1) {
      return arena_.series1d(chebyshev ? Kind::chebyshev1d : Kind::legendre1d, values, pair(node["domain"]),
                             pair(node["window"]));
    }
    if (info.shape.size() != 2 || info.shape[0] == 0 || info.shape[1] == 0 || info.shape[0] > 64 || info.shape[1] > 64) {
      file_.fail("the coefficients of a polynomial are no matrix", "coefficients");
    }
    return arena_.series2d(chebyshev ? Kind::chebyshev2d : Kind::legendre2d, static_cast<int>(info.shape[0]) - 1,
                           static_cast<int>(info.shape[1]) - 1, values, axis_pair(node, "domain", 0),
                           axis_pair(node, "window", 0), axis_pair(node, "domain", 1), axis_pair(node, "window", 1));
  }
  TransformId affine(const YAML::Node& node) {
    const auto matrix = reals(node, "matrix");
    const auto translation = reals(node, "translation");
    if (matrix.size() != 4 || translation.size() != 2) file_.fail("an affine transform has no 2 x 2 matrix", "matrix");
    return arena_.affine2d({matrix[0], matrix[1], matrix[2], matrix[3]}, {translation[0], translation[1]});
  }
  TransformId rotate2d(const YAML::Node& node) { return arena_.rotation2d(real(node, "angle")); }
  TransformId rotate3d(const YAML::Node& node) {
    const std::string direction = node["direction"].as<std::string>();
    const double phi = real(node, "phi"), theta = real(node, "theta"), psi = real(node, "psi");
    if (direction == "native2celestial") return arena_.rotate_native2celestial(phi, theta, psi);
    if (direction == "celestial2native") return arena_.rotate_celestial2native(phi, theta, psi);
    file_.fail("a rotation of direction " + direction + " is not known here", "direction");
  }
  TransformId rotate_sequence_3d(const YAML::Node& node) {
    return arena_.rotation_sequence3d(node["axes_order"].as<std::string>(), reals(node, "angles"));
  }
  TransformId rotation_sequence(const YAML::Node& node) {
    return arena_.rotation_to_gwa(node["axes_order"].as<std::string>(), reals(node, "angles"));
  }
  TransformId gnomonic(const YAML::Node& node) {
    const bool to_sky = !node["direction"] || node["direction"].as<std::string>() == "pix2sky";
    return arena_.plain(to_sky ? Kind::pix2sky_tan : Kind::sky2pix_tan);
  }
  TransformId tabular(const YAML::Node& node) {
    const ArrayInfo info = file_.array_info(node["lookup_table"]);
    const std::vector<double> values = file_.array(node["lookup_table"]);
    const bool raises = node["bounds_error"] && node["bounds_error"].as<bool>();
    const YAML::Node fill = node["fill_value"];
    const bool has_fill = fill && !fill.IsNull();
    const auto bounds = raises     ? wcs::TabularBounds::error
                        : has_fill ? wcs::TabularBounds::fill
                                   : wcs::TabularBounds::extrapolate;
    const double fill_value = has_fill ? fill.as<double>() : std::numeric_limits<double>::quiet_NaN();
    const std::string method_name = node["method"] ? node["method"].as<std::string>() : "linear";
    if (method_name != "linear" && method_name != "nearest") {
      file_.fail("tabular method " + method_name + " is not known here", "method");
    }
    const auto method = method_name == "linear" ? wcs::TabularMethod::linear : wcs::TabularMethod::nearest;
    const YAML::Node points = node["points"];
    if (!points || points.size() != info.shape.size()) file_.fail("a tabular transform lacks points", "points");
    if (info.shape.size() == 1) return arena_.tabular1d(file_.array(points[0]), values, bounds, fill_value, method);
    if (info.shape.size() == 2) {
      return arena_.tabular2d(file_.array(points[0]), file_.array(points[1]), values, bounds, fill_value, method);
    }
    file_.fail("a tabular transform has more than two axes", "lookup_table");
  }
  TransformId logical(const YAML::Node& node) {
    const std::string condition = node["condition"].as<std::string>();
    const auto which = condition == "GT"   ? wcs::Condition::greater
                       : condition == "LT" ? wcs::Condition::less
                       : condition == "EQ" ? wcs::Condition::equal
                                           : wcs::Condition::not_equal;
    return arena_.logical(which, real(node, "compareto"), real(node, "value"));
  }
  TransformId grating_equation(const YAML::Node& node) {
    const bool jwst = node.Tag().find("jwst_pipeline") != std::string::npos;
    const bool wavelength = node["output"].as<std::string>() == "wavelength";
    const Kind kind = jwst ? (wavelength ? Kind::jwst_grating_wavelength : Kind::jwst_grating_angle)
                           : (wavelength ? Kind::grating_wavelength : Kind::grating_angles3d);
    return arena_.grating_equation(kind, real(node, "groove_density"), real(node, "order"));
  }
  TransformId refraction_index_from_prism(const YAML::Node& node) {
    return arena_.refraction_index_from_prism(real(node, "prism_angle"));
  }
  TransformId coords(const YAML::Node& node) {
    const std::string type = node["model_type"].as<std::string>();
    if (type == "unitless2directional") return arena_.plain(Kind::unitless_to_cosines);
    if (type == "directional2unitless") return arena_.plain(Kind::cosines_to_unitless);
    file_.fail("a coordinate transform of type " + type + " is not known here", "model_type");
  }
  TransformId direction_cosines(const YAML::Node& node) {
    const bool to = node["transform_type"].as<std::string>() == "to_direction_cosines";
    return arena_.plain(to ? Kind::to_direction_cosines : Kind::from_direction_cosines);
  }
  TransformId spherical_cartesian(const YAML::Node& node) {
    const bool to_cartesian = node["transform_type"].as<std::string>() == "spherical_to_cartesian";
    const double wrap = node["wrap_lon_at"] ? node["wrap_lon_at"].as<double>() : 360.0;
    return to_cartesian ? arena_.spherical_to_cartesian(wrap) : arena_.cartesian_to_spherical(wrap);
  }
  TransformId snell(const YAML::Node& node) {
    const auto k = reals(node, "kcoef"), l = reals(node, "lcoef"), t = reals(node, "tcoef");
    if (k.size() != 3 || l.size() != 3 || t.size() != 6) {
      file_.fail("the glass of a prism has not 3, 3 and 6 coefficients", "kcoef");
    }
    Arena::Prism prism{real(node, "prism_angle"), real(node, "ref_temp"), real(node, "ref_pressure"), real(node, "temp"),
                       real(node, "pressure"), {k[0], k[1], k[2]}, {l[0], l[1], l[2]}, {t[0], t[1], t[2], t[3], t[4], t[5]}};
    return arena_.snell(prism);
  }
  TransformId miri_ab2slice(const YAML::Node& node) {
    const std::array<double, 3> parameters = {real(node, "beta_zero"), real(node, "beta_del"), real(node, "channel")};
    return arena_.parametric(Kind::miri_ab_to_slice, parameters);
  }

  void read_attributes(const YAML::Node& node, TransformId& id);
  void read_box(const YAML::Node& box, TransformId id);

  const AsdfFile& file_;
  Arena& arena_;
  int depth_ = 0;
  std::size_t count_ = 0;
  std::vector<std::pair<YAML::Node, TransformId>> open_;  ///< nodes whose attributes are being read
};

const std::unordered_map<std::string, Reader::Builder>& Reader::builders() {
  static const std::unordered_map<std::string, Builder> table = {
      {"compose", &Reader::compose},
      {"concatenate", &Reader::concatenate},
      {"add", &Reader::add},
      {"subtract", &Reader::subtract},
      {"multiply", &Reader::multiply_by},
      {"divide", &Reader::divide},
      {"power", &Reader::power},
      {"fix_inputs", &Reader::fix_inputs},
      {"identity", &Reader::identity},
      {"remap_axes", &Reader::remap_axes},
      {"shift", &Reader::shift},
      {"scale", &Reader::scale},
      {"multiplyscale", &Reader::multiplyscale},
      {"constant", &Reader::constant},
      {"linear1d", &Reader::linear1d},
      {"polynomial", &Reader::polynomial},
      {"ortho_polynomial", &Reader::ortho_polynomial},
      {"affine", &Reader::affine},
      {"rotate2d", &Reader::rotate2d},
      {"rotate3d", &Reader::rotate3d},
      {"rotate_sequence_3d", &Reader::rotate_sequence_3d},
      {"rotation_sequence", &Reader::rotation_sequence},
      {"gnomonic", &Reader::gnomonic},
      {"tabular", &Reader::tabular},
      {"logical", &Reader::logical},
      {"grating_equation", &Reader::grating_equation},
      {"refraction_index_from_prism", &Reader::refraction_index_from_prism},
      {"coords", &Reader::coords},
      {"direction_cosines", &Reader::direction_cosines},
      {"spherical_cartesian", &Reader::spherical_cartesian},
      {"snell", &Reader::snell},
      {"miri_ab2slice", &Reader::miri_ab2slice},
  };
  return table;
}

void Reader::read_attributes(const YAML::Node& node, TransformId& id) {
  const YAML::Node name = node["name"];
  if (name && name.IsScalar()) arena_.set_name(id, name.Scalar());
  for (const bool input : {true, false}) {
    const YAML::Node names = node[input ? "inputs" : "outputs"];
    if (!names || !names.IsSequence()) continue;
    const auto texts = names.as<std::vector<std::string>>();
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    if (static_cast<int>(views.size()) != (input ? arena_.inputs(id) : arena_.outputs(id))) {
      file_.fail(fmt::format("a {} has {} {}, not {}", bare_tag(node.Tag()), input ? arena_.inputs(id) : arena_.outputs(id),
                             input ? "inputs" : "outputs", views.size()));
    }
    if (input) arena_.set_input_names(id, views);
    else arena_.set_output_names(id, views);
  }
  if (const YAML::Node inverse = node["inverse"]) {
    // The inverse of an inverse may be the transform itself: an alias of a node that is being read.
    const auto known = std::find_if(open_.begin(), open_.end(), [&](const auto& each) { return each.first.is(inverse); });
    arena_.set_inverse(id, known != open_.end() ? known->second : read(inverse));
  }
  if (node["bounding_box"]) read_box(node["bounding_box"], id);
}

/// The old form is a list of [low, high], last axis first; the new one names the inputs.
void Reader::read_box(const YAML::Node& box, TransformId id) {
  wcs::BoundingBox read_box;
  if (box.IsSequence()) {
    const bool flat = box.size() > 0 && !box[0].IsSequence();
    const std::size_t axes = flat ? 1 : box.size();
    if (axes > 3 || (flat && box.size() != 2)) file_.fail("a bounding box has too many axes", "bounding_box");
    read_box.axes = static_cast<std::uint32_t>(axes);
    for (std::size_t i = 0; i < axes; ++i) {
      const auto range = pair(flat ? box : box[axes - 1 - i]);
      read_box.low[i] = range[0];
      read_box.high[i] = range[1];
    }
  } else if (box["intervals"]) {
    for (const auto& interval : box["intervals"]) {
      if (read_box.axes >= 3) file_.fail("a bounding box has too many axes", "bounding_box");
      const auto range = pair(interval.second);
      read_box.low[read_box.axes] = range[0];
      read_box.high[read_box.axes] = range[1];
      ++read_box.axes;
    }
  }
  if (read_box.axes > 0) arena_.set_bounding_box(id, read_box);
}

}  // namespace

std::string bare_tag(const std::string& tag) {
  const std::size_t slash = tag.find_last_of('/');
  std::string name = slash == std::string::npos ? tag : tag.substr(slash + 1);
  const std::size_t dash = name.find_last_of('-');
  return dash == std::string::npos ? name : name.substr(0, dash);
}

wcs::TransformId read_transform(const AsdfFile& file, const YAML::Node& node, wcs::Arena& arena) {
  try {
    return Reader(file, arena).read(node);
  } catch (const YAML::Exception& error) {
    file.fail("a transform is described wrongly: " + error.msg);
  }
}

}  // namespace spec2::asdf
