#include "wcs/arena.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace spec2::wcs {

namespace {

[[noreturn]] void refuse(const std::string& problem) {
  throw Error(ErrorCause::reference, problem, {}, "The transform read from a reference file is damaged or of an unknown form");
}

std::uint32_t axis_number(char axis) {
  if (axis < 'x' || axis > 'z') refuse(fmt::format("axis '{}' of a rotation is not x, y or z", axis));
  return static_cast<std::uint32_t>(axis - 'x');
}

}  // namespace

Arena::Arena(Account* account)
    : records_(account, "WCS transform records"),
      parameters_(account, "WCS coefficients"),
      integers_(account, "WCS indices"),
      texts_(account, "WCS names"),
      slits_(account, "WCS slit lists"),
      labels_(account, "WCS pixel labels") {}

void Arena::reset(std::size_t keep_bytes) {
  records_.clear(keep_bytes);
  parameters_.clear(keep_bytes);
  integers_.clear(keep_bytes);
  texts_.clear(keep_bytes);
  slits_.clear(keep_bytes);
  labels_.clear(keep_bytes);
  frames_.clear();
  ++generation_;
  frozen_ = false;
}

void Arena::charge_to(Account* account) {
  records_.charge_to(account);
  parameters_.charge_to(account);
  integers_.charge_to(account);
  texts_.charge_to(account);
  slits_.charge_to(account);
  labels_.charge_to(account);
}

std::size_t Arena::bytes() const noexcept {
  return records_.bytes() + parameters_.bytes() + integers_.bytes() + texts_.bytes() + slits_.bytes() +
         labels_.bytes();
}

void Arena::check_open(std::string_view what) const {
  if (frozen_) throw Error(ErrorCause::internal, fmt::format("{} was asked of a frozen WCS arena", what));
}

std::uint32_t Arena::check(TransformId id) const {
  if (id.generation != generation_ || id.index >= records_.size()) {
    throw Error(
        ErrorCause::internal,
        !id ? std::string("a null transform was used")
            : fmt::format(
                  "a stale transform was used (record {} of generation {}, the arena is at generation {} with {} records)",
                  id.index, id.generation, generation_, records_.size()));
  }
  return id.index;
}

Record& Arena::writable(TransformId id) {
  check_open("a change of a transform");
  return records_[check(id)];
}

const Record& Arena::record(TransformId id) const { return records_[check(id)]; }

TransformId Arena::append(Kind kind, int inputs, int outputs, std::span<const double> parameters,
                          std::span<const std::uint32_t> integers) {
  check_open("a new transform");
  if (inputs < 0 || inputs > 255 || outputs < 0 || outputs > 255) {
    refuse(fmt::format("{} has {} inputs and {} outputs", to_string(kind), inputs, outputs));
  }
  Record record;
  record.kind = kind;
  record.inputs = static_cast<std::uint8_t>(inputs);
  record.outputs = static_cast<std::uint8_t>(outputs);
  record.first_parameter = static_cast<std::uint32_t>(parameters_.append(parameters));
  record.parameter_count = static_cast<std::uint32_t>(parameters.size());
  record.first_integer = static_cast<std::uint32_t>(integers_.append(integers));
  record.integer_count = static_cast<std::uint32_t>(integers.size());
  return {static_cast<std::uint32_t>(records_.push(record)), generation_};
}

TransformId Arena::append(Kind kind, int inputs, int outputs, std::initializer_list<double> parameters,
                          std::initializer_list<std::uint32_t> integers) {
  return append(kind, inputs, outputs, std::span<const double>(parameters.begin(), parameters.size()),
                std::span<const std::uint32_t>(integers.begin(), integers.size()));
}

TransformId Arena::identity(int inputs) { return append(Kind::identity, inputs, inputs); }

TransformId Arena::mapping(std::span<const int> sources, int inputs) {
  std::vector<std::uint32_t> kept;
  int largest = -1;
  for (const int source : sources) {
    if (source < 0) refuse("a mapping has a negative index");
    largest = std::max(largest, source);
    kept.push_back(static_cast<std::uint32_t>(source));
  }
  if (inputs == 0) inputs = largest + 1;
  if (largest >= inputs) refuse(fmt::format("a mapping of {} inputs uses input {}", inputs, largest));
  return append(Kind::mapping, inputs, static_cast<int>(sources.size()), {}, kept);
}

TransformId Arena::mapping(std::initializer_list<int> sources, int inputs) {
  return mapping(std::span<const int>(sources.begin(), sources.size()), inputs);
}

TransformId Arena::shift(double offset) { return append(Kind::shift, 1, 1, {offset}); }
TransformId Arena::scale(double factor) { return append(Kind::scale, 1, 1, {factor}); }
TransformId Arena::multiply(double factor) { return append(Kind::multiply, 1, 1, {factor}); }
TransformId Arena::constant(double value, int inputs) { return append(Kind::constant, inputs, 1, {value}); }
TransformId Arena::linear1d(double slope, double intercept) { return append(Kind::linear1d, 1, 1, {slope, intercept}); }

TransformId Arena::polynomial1d(std::span<const double> coefficients, std::array<double, 2> domain,
                                std::array<double, 2> window) {
  if (coefficients.empty()) refuse("a polynomial has no coefficients");
  std::vector<double> kept{domain[0], domain[1], window[0], window[1]};
  kept.insert(kept.end(), coefficients.begin(), coefficients.end());
  const std::uint32_t degree[] = {static_cast<std::uint32_t>(coefficients.size() - 1)};
  return append(Kind::polynomial1d, 1, 1, kept, degree);
}

TransformId Arena::polynomial2d(int degree, std::span<const double> matrix, std::array<double, 2> x_domain,
                                std::array<double, 2> x_window, std::array<double, 2> y_domain,
                                std::array<double, 2> y_window) {
  const std::size_t side = static_cast<std::size_t>(degree) + 1;
  if (degree < 0 || matrix.size() != side * side) {
    refuse(fmt::format("a polynomial of degree {} has {} coefficients", degree, matrix.size()));
  }
  std::vector<double> kept{x_domain[0], x_domain[1], x_window[0], x_window[1],
                           y_domain[0], y_domain[1], y_window[0], y_window[1]};
  for (std::size_t j = 0; j < side; ++j) {
    for (std::size_t i = 0; i + j < side; ++i) kept.push_back(matrix[i * side + j]);
  }
  const std::uint32_t degrees[] = {static_cast<std::uint32_t>(degree)};
  return append(Kind::polynomial2d, 2, 1, kept, degrees);
}

std::vector<double> Arena::polynomial_matrix(TransformId id) const {
  const std::size_t side = integers(id)[0] + std::size_t{1};
  const double* packed = parameters(id).data() + 8;
  std::vector<double> matrix(side * side, 0.0);
  for (std::size_t j = 0; j < side; ++j) {
    for (std::size_t i = 0; i + j < side; ++i) matrix[i * side + j] = *packed++;
  }
  return matrix;
}

TransformId Arena::series1d(Kind kind, std::span<const double> coefficients, std::array<double, 2> domain,
                            std::array<double, 2> window) {
  if (coefficients.empty()) refuse("a series has no coefficients");
  std::vector<double> kept{domain[0], domain[1], window[0], window[1]};
  kept.insert(kept.end(), coefficients.begin(), coefficients.end());
  const std::uint32_t degree[] = {static_cast<std::uint32_t>(coefficients.size() - 1)};
  return append(kind, 1, 1, kept, degree);
}

TransformId Arena::series2d(Kind kind, int x_degree, int y_degree, std::span<const double> matrix,
                            std::array<double, 2> x_domain, std::array<double, 2> x_window,
                            std::array<double, 2> y_domain, std::array<double, 2> y_window) {
  const std::size_t nx = static_cast<std::size_t>(x_degree) + 1, ny = static_cast<std::size_t>(y_degree) + 1;
  if (x_degree < 0 || y_degree < 0 || matrix.size() != nx * ny) {
    refuse(fmt::format("a series of degrees {} and {} has {} coefficients", x_degree, y_degree, matrix.size()));
  }
  // The kernel keeps the sums of the rows on the stack, and both degrees travel in one number.
  if (x_degree > 255 || y_degree > 255) refuse(fmt::format("a series of degrees {} and {}: at most 255", x_degree, y_degree));
  std::vector<double> kept{x_domain[0], x_domain[1], x_window[0], x_window[1],
                           y_domain[0], y_domain[1], y_window[0], y_window[1]};
  for (std::size_t j = 0; j < ny; ++j) {
    for (std::size_t i = 0; i < nx; ++i) kept.push_back(matrix[i * ny + j]);
  }
  const std::uint32_t degrees[] = {static_cast<std::uint32_t>(x_degree), static_cast<std::uint32_t>(y_degree)};
  return append(kind, 2, 1, kept, degrees);
}

TransformId Arena::affine2d(std::array<double, 4> m, std::array<double, 2> t) {
  return append(Kind::affine2d, 2, 2, {m[0], m[1], m[2], m[3], t[0], t[1]});
}

TransformId Arena::rotation2d(double angle_deg) { return append(Kind::rotation2d, 2, 2, {angle_deg}); }

TransformId Arena::rotation_sequence3d(std::string_view axes, std::span<const double> angles_deg) {
  if (axes.size() != angles_deg.size()) refuse("a rotation sequence has not as many angles as axes");
  std::vector<std::uint32_t> kept;
  for (const char axis : axes) kept.push_back(axis_number(axis));
  return append(Kind::rotation_sequence3d, 3, 3, angles_deg, kept);
}

TransformId Arena::rotation_to_gwa(std::string_view axes, std::span<const double> angles_deg) {
  const TransformId id = rotation_sequence3d(axes, angles_deg);
  records_[id.index].kind = Kind::rotation_to_gwa;
  return id;
}

TransformId Arena::spherical_to_cartesian(double wrap) { return append(Kind::spherical_to_cartesian, 2, 3, {wrap}); }
TransformId Arena::cartesian_to_spherical(double wrap) { return append(Kind::cartesian_to_spherical, 3, 2, {wrap}); }

TransformId Arena::rotate_native2celestial(double lon_deg, double lat_deg, double lon_pole_deg) {
  return append(Kind::rotate_native2celestial, 2, 2, {lon_deg, lat_deg, lon_pole_deg});
}
TransformId Arena::rotate_celestial2native(double lon_deg, double lat_deg, double lon_pole_deg) {
  return append(Kind::rotate_celestial2native, 2, 2, {lon_deg, lat_deg, lon_pole_deg});
}

TransformId Arena::tabular1d(std::span<const double> points, std::span<const double> values, TabularBounds bounds,
                             double fill_value, TabularMethod method) {
  if (points.size() != values.size() || points.size() < 2) {
    refuse(fmt::format("a table has {} points and {} values", points.size(), values.size()));
  }
  std::vector<double> kept{fill_value};
  kept.insert(kept.end(), points.begin(), points.end());
  kept.insert(kept.end(), values.begin(), values.end());
  const std::uint32_t shape[] = {static_cast<std::uint32_t>(points.size()), static_cast<std::uint32_t>(method),
                                 static_cast<std::uint32_t>(bounds)};
  return append(Kind::tabular1d, 1, 1, kept, shape);
}

TransformId Arena::tabular2d(std::span<const double> points0, std::span<const double> points1,
                             std::span<const double> values, TabularBounds bounds, double fill_value,
                             TabularMethod method) {
  if (points0.size() * points1.size() != values.size() || points0.size() < 2 || points1.size() < 2) {
    refuse(fmt::format("a table of {} x {} points has {} values", points0.size(), points1.size(), values.size()));
  }
  std::vector<double> kept{fill_value};
  kept.insert(kept.end(), points0.begin(), points0.end());
  kept.insert(kept.end(), points1.begin(), points1.end());
  kept.insert(kept.end(), values.begin(), values.end());
  const std::uint32_t shape[] = {static_cast<std::uint32_t>(points0.size()), static_cast<std::uint32_t>(points1.size()),
                                 static_cast<std::uint32_t>(method), static_cast<std::uint32_t>(bounds)};
  return append(Kind::tabular2d, 2, 1, kept, shape);
}

TransformId Arena::logical(Condition condition, double compare_to, double value) {
  return append(Kind::logical, 1, 1, {compare_to, value}, {static_cast<std::uint32_t>(condition)});
}

TransformId Arena::grating_equation(Kind kind, double groove_density_per_m, double order) {
  switch (kind) {
    case Kind::grating_angles3d: return append(kind, 3, 3, {groove_density_per_m, order});
    case Kind::grating_wavelength: return append(kind, 2, 1, {groove_density_per_m, order});
    case Kind::jwst_grating_angle: return append(kind, 4, 3, {groove_density_per_m, order});
    case Kind::jwst_grating_wavelength: return append(kind, 3, 1, {groove_density_per_m, order});
    default: throw Error(ErrorCause::internal, fmt::format("{} is no grating equation", to_string(kind)));
  }
}

TransformId Arena::refraction_index_from_prism(double prism_angle_deg) {
  return append(Kind::refraction_index_from_prism, 3, 1, {prism_angle_deg});
}

TransformId Arena::snell(const Prism& prism) {
  std::vector<double> kept{prism.angle_deg, prism.reference_temperature_k, prism.reference_pressure_atm,
                           prism.temperature_k, prism.pressure_atm};
  kept.insert(kept.end(), prism.k.begin(), prism.k.end());
  kept.insert(kept.end(), prism.l.begin(), prism.l.end());
  kept.insert(kept.end(), prism.t.begin(), prism.t.end());
  return append(Kind::snell, 4, 3, kept, {});
}

TransformId Arena::plain(Kind kind) {
  switch (kind) {
    case Kind::unitless_to_cosines: return append(kind, 2, 3);
    case Kind::cosines_to_unitless: return append(kind, 3, 2);
    case Kind::to_direction_cosines: return append(kind, 3, 4);
    case Kind::from_direction_cosines: return append(kind, 4, 3);
    case Kind::pix2sky_tan:
    case Kind::sky2pix_tan: return append(kind, 2, 2);
    case Kind::snell3d: return append(kind, 4, 3);
    default: throw Error(ErrorCause::internal, fmt::format("{} needs parameters", to_string(kind)));
  }
}

TransformId Arena::parametric(Kind kind, std::span<const double> parameters) {
  std::size_t wanted = 0;
  int inputs = 2, outputs = 2;
  switch (kind) {
    case Kind::sellmeier_glass: wanted = 6, inputs = outputs = 1; break;
    case Kind::ideal_to_v2v3:
    case Kind::v2v3_to_ideal: wanted = 4; break;
    case Kind::miri_ab_to_slice: wanted = 3, inputs = outputs = 1; break;
    default: throw Error(ErrorCause::internal, fmt::format("{} has a builder of its own", to_string(kind)));
  }
  if (parameters.size() != wanted) {
    refuse(fmt::format("{} has {} parameters, {} are needed", to_string(kind), parameters.size(), wanted));
  }
  return append(kind, inputs, outputs, parameters, {});
}

}  // namespace spec2::wcs
