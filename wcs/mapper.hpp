#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/view.hpp"
#include "wcs/program.hpp"
#include "wcs/wcs.hpp"

namespace spec2::wcs {

/// A WCS, or a part of it between two frames, ready to evaluate points and grids. Immutable and shared between threads,
/// each with its own Scratch.
class Mapper {
 public:
  Mapper() = default;
  /// First frame to last. Points outside the bounding box give NaN, as WCS.__call__ of gwcs 1.0 does. `slit_id` fixes the
  /// slit of a WCS that takes one; slit ids are then no outputs either.
  static Mapper forward(const Arena& arena, const Wcs& wcs, std::optional<double> slit_id = {});
  /// As `forward`, but only output `output` (2: wavelength), which saves the way to the sky.
  static Mapper forward_only(const Arena& arena, const Wcs& wcs, std::size_t output, std::optional<double> slit_id = {});
  /// Last frame to first, as `backward_transform` of gwcs: the bounding box plays no part.
  static Mapper inverse(const Arena& arena, const Wcs& wcs, std::optional<double> slit_id = {});
  /// Between any two frames, in either direction, without bounding box, as `get_transform` of gwcs.
  static Mapper between(const Arena& arena, const Wcs& wcs, std::string_view from, std::string_view to,
                        std::optional<double> slit_id = {});

  /// One transform by itself.
  static Mapper of(const Arena& arena, TransformId transform, Direction direction = Direction::forward);

  std::size_t inputs() const noexcept { return program_.inputs(); }
  /// Without the slit id, where one is fixed.
  std::size_t outputs() const noexcept { return outputs_; }
  const Program& program() const noexcept { return program_; }

  /// in[i][k], out[j][k] for k < count; out[j] may be null.
  void points(Scratch& scratch, std::span<const double* const> in, std::span<double* const> out, std::size_t count) const;
  /// One point; NaN for outputs of points outside.
  std::array<double, 4> point(Scratch& scratch, std::initializer_list<double> in) const;
  /// Pixels (x0 + column * x_step, y0 + row * y_step) of a grid [row, column]. Views of outputs that are not wanted stay empty.
  void grid(Scratch& scratch, double x0, double y0, std::size_t columns, std::size_t rows,
            std::span<const View2<double>> out, double x_step = 1.0, double y_step = 1.0) const;

 private:
  static Mapper make(const Arena& arena, const Wcs& wcs, std::size_t from, std::size_t to, std::optional<double> slit_id);
  void set_box(const Arena& arena, const Wcs& wcs, std::optional<double> slit_id);
  void blank_outside(std::span<const double* const> in, std::span<double* const> out, std::size_t count) const;

  Program program_;
  std::size_t outputs_ = 0;
  std::size_t first_output_ = 0;  ///< the slit id, when it is fixed, may come first
  BoundingBox box_;
};

/// First and last pixel centre inside a box on each axis, as gwcs.wcstools.grid_from_bounding_box has them with step 1.
struct PixelRange {
  std::int64_t x_first, x_last, y_first, y_last;  ///< inclusive
  std::size_t columns() const { return x_last < x_first ? 0 : static_cast<std::size_t>(x_last - x_first + 1); }
  std::size_t rows() const { return y_last < y_first ? 0 : static_cast<std::size_t>(y_last - y_first + 1); }
};
PixelRange pixel_range(const BoundingBox& box);

}  // namespace spec2::wcs
