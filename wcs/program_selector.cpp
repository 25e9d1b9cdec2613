#include "wcs/program_selector.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace spec2::wcs {

Program::Selector::Selector(const Arena& arena, TransformId id, Direction direction) {
  const bool forward = direction == Direction::forward;
  const auto below = arena.children(id);
  const TransformId mapper = forward ? below[0] : arena.custom_inverse(below[0]);
  if (!mapper) throw Error(ErrorCause::internal, fmt::format("the label mapper of '{}' has no inverse", arena.name(id)));
  inputs_ = static_cast<std::size_t>(forward ? arena.inputs(id) : arena.outputs(id));
  outputs_ = static_cast<std::size_t>(forward ? arena.outputs(id) : arena.inputs(id));
  const auto p = arena.parameters(id);
  undefined_ = p[0];
  labels_.assign(p.begin() + 1, p.end());
  for (std::size_t i = 1; i < below.size(); ++i) programs_.emplace_back(arena, below[i], direction);

  mapper_ = arena.kind(mapper);
  const auto mapper_below = arena.children(mapper);
  const auto mapper_p = arena.parameters(mapper);
  if (mapper_ == Kind::label_mapper_array) {
    map_ = arena.labels(mapper);
    rows_ = arena.integers(mapper)[0];
    columns_ = arena.integers(mapper)[1];
    return;
  }
  no_label_ = mapper_p[0];
  if (mapper_ == Kind::label_mapper) {
    std::vector<TransformId> chain;
    if (mapper_below[1]) chain.push_back(mapper_below[1]);
    chain.push_back(mapper_below[0]);
    key_ = Program(arena, chain, Direction::forward);
    return;
  }
  if (mapper_below[0]) key_ = Program(arena, mapper_below[0]);
  const bool ranges = mapper_ == Kind::label_mapper_range;
  if (!ranges) tolerance_ = mapper_p[1];
  for (std::size_t i = 1; i < mapper_below.size(); ++i) {
    const double low = ranges ? mapper_p[1 + 2 * (i - 1)] : mapper_p[2 + (i - 1)];
    keys_.push_back({low, ranges ? mapper_p[2 * i] : low, Program(arena, mapper_below[i])});
  }
}

std::size_t Program::Selector::scratch_values() const {
  std::size_t most = key_.scratch_values();
  for (const Key& key : keys_) most = std::max(most, key.label.scratch_values());
  for (const Program& program : programs_) most = std::max(most, program.scratch_values());
  return most;
}

void Program::Selector::run_chosen(const Program& program, const double* const* in, double* const* out,
                                   const std::uint16_t* chosen, std::size_t count, double* room) const {
  program.fill_constants(room, count);
  for (std::size_t i = 0; i < program.input_columns_.size(); ++i) {
    double* column = room + program.input_columns_[i] * kBlock;
    for (std::size_t k = 0; k < count; ++k) column[k] = in[i][chosen[k]];
  }
  program.run_block(room, count);
  for (std::size_t j = 0; j < program.output_columns_.size(); ++j) {
    const double* column = room + program.output_columns_[j] * kBlock;
    for (std::size_t k = 0; k < count; ++k) out[j][chosen[k]] = column[k];
  }
}

// The pixel that holds a point: floor(x + 0.5), as gwcs.utils.to_index.
void Program::Selector::labels_from_map(const double* x, const double* y, std::size_t n, double* labels) const {
  for (std::size_t k = 0; k < n; ++k) {
    const double column = std::floor(x[k] + 0.5), row = std::floor(y[k] + 0.5);
    const bool inside = column >= 0.0 && row >= 0.0 && column < static_cast<double>(columns_) && row < static_cast<double>(rows_);
    labels[k] = inside ? map_[static_cast<std::size_t>(row) * columns_ + static_cast<std::size_t>(column)] : 0.0;
  }
}

void Program::Selector::labels_from_keys(const double* const* in, const double* keys, std::size_t n, double* labels,
                                         double* room) const {
  std::fill_n(labels, n, no_label_);
  std::uint16_t chosen[kBlock];
  for (const Key& key : keys_) {
    std::size_t count = 0;
    for (std::size_t k = 0; k < n; ++k) {
      // numpy.isclose(key, value, atol) for single values; the open interval for ranges.
      const bool match = mapper_ == Kind::label_mapper_dict
                             ? std::abs(key.low - keys[k]) <= tolerance_ + 1e-5 * std::abs(keys[k])
                             : keys[k] > key.low && keys[k] < key.high;
      if (match) chosen[count++] = static_cast<std::uint16_t>(k);
    }
    if (count > 0) run_chosen(key.label, in, &labels, chosen, count, room);
  }
}

void Program::Selector::find_labels(const double* const* in, std::size_t n, double* labels, double* room) const {
  if (mapper_ == Kind::label_mapper_array) return labels_from_map(in[0], in[1], n, labels);
  std::uint16_t all[kBlock];
  for (std::size_t k = 0; k < n; ++k) all[k] = static_cast<std::uint16_t>(k);
  if (mapper_ == Kind::label_mapper) return run_chosen(key_, in, &labels, all, n, room);
  double keys[kBlock];
  double* key_column = keys;
  if (key_.outputs() > 0) {
    run_chosen(key_, in, &key_column, all, n, room);
  } else {
    std::copy_n(in[0], n, keys);
  }
  labels_from_keys(in, keys, n, labels, room);
}

void Program::Selector::run(const double* const* in, double* const* out, std::size_t n, double* room) const {
  double labels[kBlock];
  find_labels(in, n, labels, room);
  for (std::size_t j = 0; j < outputs_; ++j) std::fill_n(out[j], n, undefined_);
  std::uint16_t chosen[kBlock];
  std::size_t done = 0;
  for (std::size_t i = 0; i < labels_.size() && done < n; ++i) {
    std::size_t count = 0;
    for (std::size_t k = 0; k < n; ++k) {
      if (labels[k] == labels_[i]) chosen[count++] = static_cast<std::uint16_t>(k);
    }
    if (count > 0) run_chosen(programs_[i], in, out, chosen, count, room);
    done += count;
  }
}

}  // namespace spec2::wcs
