#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "wcs/program.hpp"

namespace spec2::wcs {

/// A region selector (gwcs.selector.RegionsSelector, gwcs 1.0): a label for each point, and the transform of that label. Points
/// without label, or with a label that has no transform, give the undefined value.
struct Program::Selector {
  Selector(const Arena& arena, TransformId id, Direction direction);

  std::size_t scratch_values() const;
  /// in, out: columns of `n` <= kBlock points; `room` holds scratch_values().
  void run(const double* const* in, double* const* out, std::size_t n, double* room) const;

 private:
  struct Key {
    double low;
    double high;  ///< of a range; equal to low for a single value
    Program label;
  };

  void find_labels(const double* const* in, std::size_t n, double* labels, double* room) const;
  void labels_from_map(const double* x, const double* y, std::size_t n, double* labels) const;
  void labels_from_keys(const double* const* in, const double* keys, std::size_t n, double* labels, double* room) const;
  /// Runs a program over the chosen points; `out` gets its first outputs.
  void run_chosen(const Program& program, const double* const* in, double* const* out, const std::uint16_t* chosen,
                  std::size_t count, double* room) const;

  Kind mapper_ = Kind::label_mapper_array;
  std::span<const std::uint16_t> map_;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  double no_label_ = 0.0;
  double tolerance_ = 0.0;
  Program key_;                 ///< value that is compared with the keys
  std::vector<Key> keys_;
  std::vector<double> labels_;
  std::vector<Program> programs_;
  double undefined_ = 0.0;
  std::size_t inputs_ = 0;
  std::size_t outputs_ = 0;
};

}  // namespace spec2::wcs
