#pragma once

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

namespace spec2 {

/// Minimum of a function of one variable by the simplex of Nelder and Mead (Computer Journal 7, 1965), in the steps, the
/// number type and with the tolerances of scipy.optimize.minimize(method="Nelder-Mead") (1.17): the answer is as far from
/// the true minimum as scipy's. Arguments are of the type of the start, values of the type that the function gives. Stops when
/// both ends are within 1e-4 in argument and value, or after 200 rounds.
template <class Real, class Function>
Real nelder_mead_1d(Function&& function, Real start) {
  constexpr int kMostRounds = 200;
  constexpr int kMostCalls = 200;
  using Value = std::invoke_result_t<Function&, Real>;
  constexpr Real kTolerance = static_cast<Real>(1e-4);
  constexpr Value kValueTolerance = static_cast<Value>(1e-4);
  Real best = start;
  Real worst = start != 0 ? static_cast<Real>(static_cast<Real>(1 + 0.05) * start) : static_cast<Real>(0.00025);
  Value best_value = function(best), worst_value = function(worst);
  int calls = 2;
  const auto order = [&] {
    if (worst_value < best_value) {
      std::swap(best, worst);
      std::swap(best_value, worst_value);
    }
  };
  order();
  for (int round = 1; round < kMostRounds && calls < kMostCalls; ++round) {
    if (std::abs(worst - best) <= kTolerance && std::abs(best_value - worst_value) <= kValueTolerance) break;
    // With one variable the centroid of all but the worst corner is the best one.
    const Real reflected = 2 * best - worst;
    const Value reflected_value = function(reflected);
    ++calls;
    const auto accept = [&](Real x, Value value) {
      worst = x;
      worst_value = value;
    };
    if (reflected_value < best_value) {
      const Real expanded = 3 * best - 2 * worst;
      const Value expanded_value = function(expanded);
      ++calls;
      if (expanded_value < reflected_value) accept(expanded, expanded_value);
      else accept(reflected, reflected_value);
    } else {
      const bool outside = reflected_value < worst_value;
      const Real half = static_cast<Real>(0.5);
      const Real contracted = outside ? static_cast<Real>(1.5) * best - half * worst : half * best + half * worst;
      const Value contracted_value = function(contracted);
      ++calls;
      const bool better = outside ? contracted_value <= reflected_value : contracted_value < worst_value;
      if (better) {
        accept(contracted, contracted_value);
      } else {
        const Real shrunk = best + half * (worst - best);
        accept(shrunk, function(shrunk));
        ++calls;
      }
    }
    order();
  }
  return best;
}

}  // namespace spec2
