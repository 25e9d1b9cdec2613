#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "wcs/arena.hpp"

namespace spec2::wcs {

/// A transform without others below it, as values.
struct Elementary {
  Kind kind = Kind::identity;
  int inputs = 1;
  int outputs = 1;
  std::vector<double> parameters;
  std::vector<std::uint32_t> integers;
};

/// The analytic inverse that astropy, gwcs or jwst define for an elementary transform; empty when they define none (or
/// raise: a singular matrix, a table that turns around).
std::optional<Elementary> elementary_inverse(Kind kind, int inputs, int outputs, std::span<const double> parameters,
                                             std::span<const std::uint32_t> integers);

}  // namespace spec2::wcs
