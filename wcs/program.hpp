#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "wcs/arena.hpp"
#include "wcs/kernels.hpp"

namespace spec2::wcs {

enum class Direction { forward, inverse };

/// Room for the blocks of one thread; grows to what the largest program asks for and stays.
class Scratch {
 public:
  /// At least this many values, aligned to 64 bytes.
  double* at_least(std::size_t values);
  /// Points sent through programs with this scratch.
  std::uint64_t evaluations = 0;

 private:
  std::vector<double> block_;
};

/// A transform, or the inverse of one, made ready to run: the tree of records flattened to a list of operations on columns of
/// 256 points. Mappings and identities cost nothing, inverses are resolved once (set by hand before computed, as astropy
/// does), columns are reused, so the block stays in the first-level cache. Immutable; threads share it, each with a
/// Scratch of its own. The arena must outlive it and not be reopened while it runs.
class Program {
 public:
  static constexpr std::size_t kBlock = 256;

  Program() = default;
  /// The transforms one after the other (for the inverse: inverted, last first). `fixed` gives inputs a constant value (a
  /// slit id); they are then no inputs any more. Throws Error(internal) when a part has no inverse.
  Program(const Arena& arena, std::span<const TransformId> chain, Direction direction,
          std::span<const Arena::FixedInput> fixed = {});
  Program(const Arena& arena, TransformId transform, Direction direction = Direction::forward,
          std::span<const Arena::FixedInput> fixed = {});

  bool empty() const noexcept { return operations_.empty() && output_columns_.empty(); }
  std::size_t inputs() const noexcept { return input_columns_.size(); }
  std::size_t outputs() const noexcept { return output_columns_.size(); }
  std::size_t operation_count() const noexcept { return operations_.size(); }

  /// Drops all outputs but one, and the operations that only the others needed.
  void keep_output(std::size_t output);

  /// `count` points: in[i][k] is input i of point k. Outputs may be null (not wanted) and must not overlap inputs.
  /// Points outside a domain give NaN.
  void run(Scratch& scratch, std::span<const double* const> in, std::span<double* const> out, std::size_t count) const;
  /// One point.
  void run_one(Scratch& scratch, std::span<const double> in, std::span<double> out) const;

 private:
  friend class ProgramBuilder;
  /// One step over a block. Operands lie in `columns_` from `first_column`: inputs, then outputs.
  struct Operation {
    kernels::Code code;
    std::uint8_t option = 0;
    std::uint8_t inputs = 0;
    std::uint8_t outputs = 0;
    bool in_pool = false;             ///< parameters in the pool of the arena, else in constants_
    std::uint32_t first_column = 0;
    std::uint32_t first_parameter = 0;
    std::uint32_t size = 0;           ///< degree, number of points, selector
  };

  std::size_t scratch_values() const;
  void fill_constants(double* columns, std::size_t n) const;
  void run_block(double* columns, std::size_t n) const;

  /// A region selector: programs that give labels, and one program a label.
  struct Selector;

  const Arena* arena_ = nullptr;
  std::vector<Operation> operations_;
  std::vector<std::uint16_t> columns_;     ///< operands of the operations
  std::vector<double> constants_;
  std::vector<std::pair<std::uint16_t, double>> constant_columns_;  ///< filled once a run
  std::vector<std::shared_ptr<const Selector>> selectors_;
  std::vector<std::uint16_t> input_columns_;
  std::vector<std::uint16_t> output_columns_;
  std::size_t column_count_ = 0;
};

}  // namespace spec2::wcs
