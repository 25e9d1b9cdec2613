#include "wcs/program.hpp"

#include <algorithm>
#include <cstring>

#include "core/error.hpp"
#include "wcs/program_builder.hpp"
#include "wcs/program_selector.hpp"

namespace spec2::wcs {

double* Scratch::at_least(std::size_t values) {
  constexpr std::size_t kPadding = 8;  // 64 bytes
  if (block_.size() < values + kPadding) block_.resize(values + kPadding);
  const auto address = reinterpret_cast<std::uintptr_t>(block_.data());
  return block_.data() + (64 - address % 64) % 64 / sizeof(double);
}

Program::Program(const Arena& arena, std::span<const TransformId> chain, Direction direction,
                 std::span<const Arena::FixedInput> fixed)
    : Program(ProgramBuilder(arena).build(chain, direction, fixed)) {}

Program::Program(const Arena& arena, TransformId transform, Direction direction, std::span<const Arena::FixedInput> fixed)
    : Program(arena, std::span<const TransformId>(&transform, 1), direction, fixed) {}

std::size_t Program::scratch_values() const {
  std::size_t below = 0;
  for (const auto& selector : selectors_) below = std::max(below, selector->scratch_values());
  return column_count_ * kBlock + below;
}

void Program::fill_constants(double* columns, std::size_t n) const {
  for (const auto& [column, value] : constant_columns_) std::fill_n(columns + column * kBlock, n, value);
}

void Program::run_block(double* columns, std::size_t n) const {
  constexpr std::size_t kMost = 64;
  const double* in[kMost];
  double* out[kMost];
  const double* pool = arena_->parameter_pool();
  for (const Operation& operation : operations_) {
    const std::uint16_t* column = columns_.data() + operation.first_column;
    for (std::size_t i = 0; i < operation.inputs; ++i) in[i] = columns + *column++ * kBlock;
    for (std::size_t j = 0; j < operation.outputs; ++j) out[j] = columns + *column++ * kBlock;
    if (operation.code == kernels::Code::select) {
      selectors_[operation.size]->run(in, out, n, columns + column_count_ * kBlock);
      continue;
    }
    const double* p = (operation.in_pool ? pool : constants_.data()) + operation.first_parameter;
    kernels::run(operation.code, operation.option, operation.size, p, in, out, n);
  }
}

// Columns are reused, so what is needed is followed from the end: a column is needed until the operation that fills it.
void Program::keep_output(std::size_t output) {
  output_columns_ = {output_columns_.at(output)};
  std::vector<bool> needed(column_count_, false);
  needed[output_columns_[0]] = true;
  std::vector<Operation> kept;
  for (auto operation = operations_.rbegin(); operation != operations_.rend(); ++operation) {
    const std::uint16_t* inputs = columns_.data() + operation->first_column;
    const std::uint16_t* outputs = inputs + operation->inputs;
    bool used = false;
    for (std::size_t j = 0; j < operation->outputs; ++j) {
      used = used || needed[outputs[j]];
      needed[outputs[j]] = false;
    }
    if (!used) continue;
    for (std::size_t i = 0; i < operation->inputs; ++i) needed[inputs[i]] = true;
    kept.push_back(*operation);
  }
  operations_.assign(kept.rbegin(), kept.rend());
}

void Program::run(Scratch& scratch, std::span<const double* const> in, std::span<double* const> out, std::size_t count) const {
  if (in.size() != input_columns_.size() || out.size() != output_columns_.size()) {
    throw Error(ErrorCause::internal, fmt::format("a transform with {} inputs and {} outputs was called with {} and {}",
                                                  input_columns_.size(), output_columns_.size(), in.size(), out.size()));
  }
  double* columns = scratch.at_least(scratch_values());
  fill_constants(columns, std::min(count, kBlock));
  for (std::size_t first = 0; first < count; first += kBlock) {
    const std::size_t n = std::min(kBlock, count - first);
    for (std::size_t i = 0; i < in.size(); ++i) {
      std::memcpy(columns + input_columns_[i] * kBlock, in[i] + first, n * sizeof(double));
    }
    run_block(columns, n);
    for (std::size_t j = 0; j < out.size(); ++j) {
      if (out[j]) std::memcpy(out[j] + first, columns + output_columns_[j] * kBlock, n * sizeof(double));
    }
  }
  scratch.evaluations += count;
}

void Program::run_one(Scratch& scratch, std::span<const double> in, std::span<double> out) const {
  std::vector<const double*> from;
  std::vector<double*> to;
  for (const double& value : in) from.push_back(&value);
  for (double& value : out) to.push_back(&value);
  run(scratch, from, to, 1);
}

}  // namespace spec2::wcs
