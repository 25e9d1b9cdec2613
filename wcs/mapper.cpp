#include "wcs/mapper.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/error.hpp"

namespace spec2::wcs {

namespace {

// The slit id is the last coordinate of a transform, but the first at the GWA and in the slit frame.
Program make_program(const Arena& arena, const Wcs& wcs, std::size_t from, std::size_t to, std::optional<double> slit_id,
                     bool& has_slit_output) {
  const Direction direction = from < to ? Direction::forward : Direction::inverse;
  std::vector<TransformId> chain;
  for (std::size_t i = std::min(from, to); i < std::max(from, to); ++i) chain.push_back(wcs.steps[i].transform);
  if (chain.empty()) throw Error(ErrorCause::internal, "a transform from a frame to itself was asked for");
  has_slit_output = slit_id.has_value();
  if (!slit_id) return Program(arena, chain, direction);
  const int inputs = direction == Direction::forward ? arena.inputs(chain.front()) : arena.inverse_inputs(chain.back());
  const std::string& name = arena.frame(wcs.steps[from].frame).name;
  const Arena::FixedInput fixed[] = {{name == "gwa" || name == "slit_frame" ? 0 : inputs - 1, *slit_id}};
  return Program(arena, chain, direction, fixed);
}

}  // namespace

Mapper Mapper::forward(const Arena& arena, const Wcs& wcs, std::optional<double> slit_id) {
  if (wcs.count < 2) throw Error(ErrorCause::internal, "a WCS without transforms was evaluated");
  Mapper mapper = make(arena, wcs, 0, wcs.count - 1, slit_id);
  mapper.set_box(arena, wcs, slit_id);
  return mapper;
}

Mapper Mapper::forward_only(const Arena& arena, const Wcs& wcs, std::size_t output, std::optional<double> slit_id) {
  Mapper mapper = forward(arena, wcs, slit_id);
  if (output >= mapper.outputs_) {
    throw Error(ErrorCause::internal, fmt::format("a WCS with {} outputs has no output {}", mapper.outputs_, output));
  }
  mapper.program_.keep_output(mapper.first_output_ + output);
  mapper.first_output_ = 0;
  mapper.outputs_ = 1;
  return mapper;
}

void Mapper::set_box(const Arena& arena, const Wcs& wcs, std::optional<double> slit_id) {
  box_ = wcs.bounding_box;
  if (!slit_id) return;
  for (const Arena::SlitBox& entry : arena.slit_boxes(wcs.first_slit_box, wcs.slit_box_count)) {
    if (entry.slit_id == *slit_id) box_ = entry.box;
  }
}

Mapper Mapper::inverse(const Arena& arena, const Wcs& wcs, std::optional<double> slit_id) {
  if (wcs.count < 2) throw Error(ErrorCause::internal, "a WCS without transforms was evaluated");
  return make(arena, wcs, wcs.count - 1, 0, slit_id);
}

Mapper Mapper::between(const Arena& arena, const Wcs& wcs, std::string_view from, std::string_view to,
                       std::optional<double> slit_id) {
  return make(arena, wcs, frame_index(arena, wcs, from), frame_index(arena, wcs, to), slit_id);
}

Mapper Mapper::make(const Arena& arena, const Wcs& wcs, std::size_t from, std::size_t to, std::optional<double> slit_id) {
  Mapper mapper;
  bool has_slit_output = false;
  mapper.program_ = make_program(arena, wcs, from, to, slit_id, has_slit_output);
  const std::string& last = arena.frame(wcs.steps[to].frame).name;
  mapper.outputs_ = mapper.program_.outputs() - (has_slit_output ? 1 : 0);
  mapper.first_output_ = has_slit_output && (last == "gwa" || last == "slit_frame") ? 1 : 0;
  return mapper;
}

Mapper Mapper::of(const Arena& arena, TransformId transform, Direction direction) {
  Mapper mapper;
  mapper.program_ = Program(arena, transform, direction);
  mapper.outputs_ = mapper.program_.outputs();
  return mapper;
}

void Mapper::points(Scratch& scratch, std::span<const double* const> in, std::span<double* const> out, std::size_t count) const {
  if (out.size() != outputs_) {
    throw Error(ErrorCause::internal, fmt::format("a WCS with {} outputs was evaluated into {}", outputs_, out.size()));
  }
  std::array<double*, 16> all{};
  for (std::size_t j = 0; j < outputs_; ++j) all[first_output_ + j] = out[j];
  program_.run(scratch, in, {all.data(), program_.outputs()}, count);
  if (box_) blank_outside(in, out, count);
}

void Mapper::blank_outside(std::span<const double* const> in, std::span<double* const> out, std::size_t count) const {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t axis = 0; axis < box_.axes && axis < in.size(); ++axis) {
    const double low = box_.low[axis], high = box_.high[axis];
    for (double* column : out) {
      if (!column) continue;
      const double* const at = in[axis];
      // All are stored again, so that the loop has no branch.
#pragma GCC ivdep
      for (std::size_t k = 0; k < count; ++k) column[k] = at[k] < low || at[k] > high ? kNan : column[k];
    }
  }
}

std::array<double, 4> Mapper::point(Scratch& scratch, std::initializer_list<double> in) const {
  std::array<const double*, 8> from{};
  std::size_t i = 0;
  for (const double& value : in) from[i++] = &value;
  std::array<double, 4> result{};
  std::array<double*, 4> to{&result[0], &result[1], &result[2], &result[3]};
  points(scratch, {from.data(), in.size()}, {to.data(), std::min<std::size_t>(outputs_, 4)}, 1);
  return result;
}

void Mapper::grid(Scratch& scratch, double x0, double y0, std::size_t columns, std::size_t rows,
                  std::span<const View2<double>> out, double x_step, double y_step) const {
  constexpr std::size_t kPiece = 4 * Program::kBlock;
  std::array<double, kPiece> x, y;
  const double* in[] = {x.data(), y.data()};
  std::array<double*, 16> to{};
  for (std::size_t row = 0; row < rows; ++row) {
    std::fill_n(y.begin(), std::min(columns, kPiece), y0 + static_cast<double>(row) * y_step);
    for (std::size_t first = 0; first < columns; first += kPiece) {
      const std::size_t n = std::min(kPiece, columns - first);
      // Numbers of columns are small: 32 bits are made real in vector lanes.
      const auto start = static_cast<std::int32_t>(first), end = start + static_cast<std::int32_t>(n);
      double* at = x.data();
      for (std::int32_t column = start; column < end; ++column) *at++ = x0 + static_cast<double>(column) * x_step;
      for (std::size_t j = 0; j < out.size(); ++j) to[j] = out[j].empty() ? nullptr : out[j].row(row) + first;
      points(scratch, in, {to.data(), out.size()}, n);
    }
  }
}

PixelRange pixel_range(const BoundingBox& box) {
  return {static_cast<std::int64_t>(std::floor(box.low[0] + 0.5)), static_cast<std::int64_t>(std::ceil(box.high[0] - 0.5)),
          static_cast<std::int64_t>(std::floor(box.low[1] + 0.5)), static_cast<std::int64_t>(std::ceil(box.high[1] - 0.5))};
}

}  // namespace spec2::wcs
