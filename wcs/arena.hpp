#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/memory/account.hpp"
#include "wcs/charged_vector.hpp"
#include "wcs/frame.hpp"
#include "wcs/record.hpp"
#include "wcs/transform_id.hpp"

namespace spec2::wcs {

/// Transform records of one exposure and the pools they point into.
///
/// Append-only: assign_wcs builds, then `freeze()` makes it read-only, so that slits and threads share it without copies.
/// extract_2d and wavecorr add a few records between `reopen()` and `freeze()`, with no reader running meanwhile.
/// `reset()` empties it for the next exposure and keeps the memory up to a bound; ids of the last exposure are then stale,
/// and using one throws Error(internal). The address must not change: programs and exposures point at it.
///
/// Builders check numbers of inputs and outputs and throw Error(reference) when they do not fit (a transform read from a
/// damaged file), Error(internal) on stale ids or when the arena is frozen.
class Arena {
 public:
  /// Memory is charged to `account` while it is not null.
  explicit Arena(Account* account = nullptr);
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // --- life cycle
  void freeze() noexcept { frozen_ = true; }
  void reopen() noexcept { frozen_ = false; }
  bool frozen() const noexcept { return frozen_; }
  /// Drops all records; of each pool at most `keep_bytes` of memory stays.
  void reset(std::size_t keep_bytes = 1u << 20);
  /// Pays for what is held from another account.
  void charge_to(Account* account);
  std::uint32_t generation() const noexcept { return generation_; }

  // --- elementary transforms
  TransformId identity(int inputs);
  /// `inputs` 0: one more than the largest index.
  TransformId mapping(std::span<const int> sources, int inputs = 0);
  TransformId mapping(std::initializer_list<int> sources, int inputs = 0);
  TransformId shift(double offset);
  TransformId scale(double factor);
  TransformId multiply(double factor);
  TransformId constant(double value, int inputs = 1);
  TransformId linear1d(double slope, double intercept);
  /// c0 + c1 x + ...; domain and window as astropy maps them (equal ones change nothing).
  TransformId polynomial1d(std::span<const double> coefficients, std::array<double, 2> domain = {-1, 1},
                           std::array<double, 2> window = {-1, 1});
  /// `matrix[i * (degree + 1) + j]` multiplies x^i y^j (the layout of ASDF); entries with i + j > degree are not used.
  TransformId polynomial2d(int degree, std::span<const double> matrix, std::array<double, 2> x_domain = {-1, 1},
                           std::array<double, 2> x_window = {-1, 1}, std::array<double, 2> y_domain = {-1, 1},
                           std::array<double, 2> y_window = {-1, 1});
  /// Chebyshev and Legendre series; kind is one of Kind::chebyshev1d, Kind::legendre1d.
  TransformId series1d(Kind kind, std::span<const double> coefficients, std::array<double, 2> domain,
                       std::array<double, 2> window);
  /// Kind::chebyshev2d or Kind::legendre2d; `matrix[i * (y_degree + 1) + j]` multiplies P_i(x) P_j(y).
  TransformId series2d(Kind kind, int x_degree, int y_degree, std::span<const double> matrix,
                       std::array<double, 2> x_domain, std::array<double, 2> x_window, std::array<double, 2> y_domain,
                       std::array<double, 2> y_window);
  /// matrix row by row.
  TransformId affine2d(std::array<double, 4> matrix, std::array<double, 2> translation);
  TransformId rotation2d(double angle_deg);
  /// axes of "xyz" letters, one for each angle.
  TransformId rotation_sequence3d(std::string_view axes, std::span<const double> angles_deg);
  TransformId spherical_to_cartesian(double wrap_lon_at = 360);
  TransformId cartesian_to_spherical(double wrap_lon_at = 360);
  TransformId rotate_native2celestial(double lon_deg, double lat_deg, double lon_pole_deg);
  TransformId rotate_celestial2native(double lon_deg, double lat_deg, double lon_pole_deg);
  /// `points` rising or falling.
  TransformId tabular1d(std::span<const double> points, std::span<const double> values, TabularBounds bounds,
                        double fill_value, TabularMethod method = TabularMethod::linear);
  /// values[i * points1.size() + j] at (points0[i], points1[j]).
  TransformId tabular2d(std::span<const double> points0, std::span<const double> points1,
                        std::span<const double> values, TabularBounds bounds, double fill_value,
                        TabularMethod method = TabularMethod::linear);
  TransformId logical(Condition condition, double compare_to, double value);

  // --- instrument optics
  TransformId rotation_to_gwa(std::string_view axes, std::span<const double> angles_deg);
  /// Kind::grating_angles3d, grating_wavelength, jwst_grating_angle or jwst_grating_wavelength.
  TransformId grating_equation(Kind kind, double groove_density_per_m, double order);
  TransformId refraction_index_from_prism(double prism_angle_deg);
  struct Prism {
    double angle_deg;
    double reference_temperature_k;
    double reference_pressure_atm;
    double temperature_k;
    double pressure_atm;
    std::array<double, 3> k;  ///< Sellmeier
    std::array<double, 3> l;  ///< Sellmeier, um2
    std::array<double, 6> t;  ///< thermal
  };
  TransformId snell(const Prism& prism);
  /// Kinds without parameters: unitless_to_cosines, cosines_to_unitless, to_direction_cosines, from_direction_cosines,
  /// pix2sky_tan, sky2pix_tan, snell3d.
  TransformId plain(Kind kind);
  /// Kinds with a fixed number of parameters: sellmeier_glass, ideal_to_v2v3, v2v3_to_ideal, miri_ab_to_slice.
  TransformId parametric(Kind kind, std::span<const double> parameters);

  // --- compounds
  TransformId compose(TransformId first, TransformId second);              ///< first | second
  TransformId compose(std::initializer_list<TransformId> chain);           ///< ((a | b) | c) | ...
  TransformId concatenate(TransformId left, TransformId right);            ///< left & right
  TransformId concatenate(std::initializer_list<TransformId> row);         ///< ((a & b) & c) & ...
  /// Kind::add, subtract, multiply_by, divide, power: outputs are combined one by one.
  TransformId arithmetic(Kind kind, TransformId left, TransformId right);
  struct FixedInput {
    int input;
    double value;
  };
  TransformId fix_inputs(TransformId transform, std::span<const FixedInput> fixed);
  /// Kind::gwa_to_slit, slit_to_gwa, slit_to_msa, msa_to_slit, slit_to_msa_legacy.
  TransformId slit_selection(Kind kind, std::span<const SlitDescription> slits, std::span<const TransformId> models);
  /// As above over a list of slits already in the arena (the list of another selection of the same slits is shared).
  TransformId slit_selection_like(Kind kind, TransformId other, std::span<const TransformId> models);

  // --- label mappers and selectors (gwcs.selector)
  TransformId label_mapper(TransformId mapper, TransformId inputs_mapping, double no_label, int inputs);
  /// labels[row * columns + column], 0 for none; looked up at the pixel that holds (x, y).
  TransformId label_mapper_array(int rows, int columns, std::span<const std::uint16_t> labels);
  std::span<const std::uint16_t> labels(TransformId id) const;
  TransformId label_mapper_dict(std::span<const double> keys, std::span<const TransformId> models, double absolute_tolerance,
                                TransformId inputs_mapping, double no_label, int inputs);
  TransformId label_mapper_range(std::span<const std::pair<double, double>> ranges, std::span<const TransformId> models,
                                 TransformId inputs_mapping, double no_label, int inputs);
  TransformId regions_selector(TransformId mapper, std::span<const double> labels, std::span<const TransformId> models,
                               double undefined_value, int inputs, int outputs);

  // --- attributes, set while building
  void set_name(TransformId id, std::string_view name);
  void set_inverse(TransformId id, TransformId inverse);
  void clear_inverse(TransformId id);
  void set_input_names(TransformId id, std::span<const std::string_view> names);
  void set_output_names(TransformId id, std::span<const std::string_view> names);
  void set_input_names(TransformId id, std::initializer_list<std::string_view> names);
  void set_output_names(TransformId id, std::initializer_list<std::string_view> names);
  void set_bounding_box(TransformId id, const BoundingBox& box);
  /// A second record with the same contents, whose attributes can be set on their own.
  TransformId copy(TransformId id);
  /// Builds the inverse as records: the one set by hand, else that of the parts as astropy makes it. Throws
  /// Error(internal) naming the transform when there is none.
  TransformId inverse_of(TransformId id);
  bool has_inverse(TransformId id) const;
  /// Number of inputs of the inverse: the outputs, unless an inverse was set by hand that takes others.
  int inverse_inputs(TransformId id) const;

  // --- bounding boxes of the slits of a WCS that takes a slit id (the peer's CompoundBoundingBox)
  struct SlitBox {
    double slit_id;
    BoundingBox box;  ///< two axes
  };
  /// Position to keep in `Wcs::first_slit_box`.
  std::uint32_t add_slit_boxes(std::span<const SlitBox> boxes);
  std::vector<SlitBox> slit_boxes(std::uint32_t first, std::uint32_t count) const;

  // --- frames
  FrameId add_frame(Frame frame);
  const Frame& frame(FrameId id) const;

  // --- reading
  std::size_t size() const noexcept { return records_.size(); }
  /// Bytes of all pools.
  std::size_t bytes() const noexcept;
  const Record& record(TransformId id) const;
  Kind kind(TransformId id) const { return record(id).kind; }
  int inputs(TransformId id) const { return record(id).inputs; }
  int outputs(TransformId id) const { return record(id).outputs; }
  std::span<const double> parameters(TransformId id) const;
  std::span<const std::uint32_t> integers(TransformId id) const;
  /// The transforms below this one, in the order of its integers; empty for elementary ones.
  std::vector<TransformId> children(TransformId id) const;
  /// Id of record `index` of the present generation (kNone gives a null id).
  TransformId at(std::uint32_t index) const { return {index, generation_}; }
  std::string_view name(TransformId id) const;
  /// The inverse set by hand, or a null id.
  TransformId custom_inverse(TransformId id) const;
  /// Empty when they are those that astropy gives.
  std::vector<std::string_view> input_names(TransformId id) const;
  std::vector<std::string_view> output_names(TransformId id) const;
  BoundingBox bounding_box(TransformId id) const;
  /// Row-major matrix [degree + 1][degree + 1] of a polynomial2d, as given to the builder.
  std::vector<double> polynomial_matrix(TransformId id) const;
  /// Of a slit selection.
  std::size_t slit_count(TransformId id) const;
  SlitDescription slit(TransformId id, std::size_t i) const;
  /// The model of slit `i` of a slit selection.
  TransformId slit_model(TransformId id, std::size_t i) const;
  /// Position of the slit with this id; throws Error(data) listing the ids when there is none.
  std::size_t find_slit(TransformId id, double slit_id) const;
  const double* parameter_pool() const noexcept { return parameters_.data(); }

 private:
  friend class ArenaInverter;

  void check_open(std::string_view what) const;
  std::uint32_t check(TransformId id) const;
  Record& writable(TransformId id);
  TransformId append(Kind kind, int inputs, int outputs, std::span<const double> parameters,
                     std::span<const std::uint32_t> integers);
  TransformId append(Kind kind, int inputs, int outputs, std::initializer_list<double> parameters = {},
                     std::initializer_list<std::uint32_t> integers = {});
  std::uint32_t add_text(std::string_view text);
  std::string_view text(std::uint32_t at) const;
  std::uint32_t add_names(TransformId id, std::span<const std::string_view> names, int expected, const char* side);
  std::vector<std::string_view> names(std::uint32_t first, int count) const;

  /// A slit in the pools: texts, and the first of its numbers.
  struct SlitRecord {
    std::uint32_t name;
    std::uint32_t shutter_state;
    std::uint32_t source_name;
    std::uint32_t source_alias;
    std::uint32_t first_number;
    std::uint32_t flags;
  };

  ChargedVector<Record> records_;
  ChargedVector<double> parameters_;
  ChargedVector<std::uint32_t> integers_;
  ChargedVector<char> texts_;
  ChargedVector<SlitRecord> slits_;
  ChargedVector<std::uint16_t> labels_;
  std::vector<Frame> frames_;
  std::uint32_t generation_ = 1;
  bool frozen_ = false;
};

}  // namespace spec2::wcs
