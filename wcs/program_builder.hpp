#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wcs/program.hpp"

namespace spec2::wcs {

/// Flattens trees of records into a Program. Values are numbered as they are made (static single assignment); operations on
/// constants are done at once, what no output needs is dropped, and the rest is given columns that are reused.
class ProgramBuilder {
 public:
  explicit ProgramBuilder(const Arena& arena) : arena_(arena) {}

  Program build(std::span<const TransformId> chain, Direction direction, std::span<const Arena::FixedInput> fixed);

 private:
  using Values = std::vector<std::uint32_t>;
  struct Value {
    bool is_constant = false;
    double constant = 0.0;
  };
  struct Step {
    Program::Operation operation;
    Values inputs;
    Values outputs;
  };

  Values emit(TransformId id, Direction direction, const Values& in);
  Values emit_forward(TransformId id, const Values& in);
  Values emit_inverse(TransformId id, const Values& in);
  Values emit_elementary(Kind kind, int outputs, std::span<const double> p, std::span<const std::uint32_t> k, bool in_pool,
                         const Values& in);
  Values emit_optics(Kind kind, int outputs, std::span<const double> p, std::span<const std::uint32_t> k, bool in_pool,
                     const Values& in);
  Values emit_arithmetic(Kind kind, const Values& left, const Values& right);
  Values emit_fixed(TransformId id, const Values& in);
  Values emit_slit(TransformId id, Direction direction, const Values& in);
  Values emit_selector(TransformId id, Direction direction, const Values& in);
  std::uint32_t mapped_to_window(std::uint32_t value, const double* domain_and_window);

  Values operation(kernels::Code code, const Values& in, int outputs, std::span<const double> p, bool in_pool,
                   std::uint8_t option = 0, std::uint32_t size = 0);
  std::uint32_t constant(double value);
  std::uint32_t fresh();

  void drop_unused(const Values& wanted);
  void place_columns(const Values& inputs, const Values& outputs);

  const Arena& arena_;
  Program program_;
  std::vector<Value> values_;
  std::vector<Step> steps_;
};

}  // namespace spec2::wcs
