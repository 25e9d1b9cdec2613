#pragma once

#include <cstddef>

/// Loops over the points of a block; a point reads only its own place, also where `out` is one of the inputs.
namespace spec2::wcs::kernels {

template <class Combine>
inline void combine(const double* const* in, double* out, std::size_t n, Combine combined) {
  const double *a = in[0], *b = in[1];
#pragma GCC ivdep
  for (std::size_t k = 0; k < n; ++k) out[k] = combined(a[k], b[k]);
}

template <class Change>
inline void change(const double* x, double* out, std::size_t n, Change changed) {
#pragma GCC ivdep
  for (std::size_t k = 0; k < n; ++k) out[k] = changed(x[k]);
}

}  // namespace spec2::wcs::kernels
