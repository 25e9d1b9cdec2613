#include "steps/flat_field/apply_flat.hpp"

#include <cmath>

#include "core/processor_clones.hpp"
#include "datamodels/invalid_pixels.hpp"

namespace spec2::flat_field {
namespace {

// Planes never overlap; told so, the compiler has the loops fill vector lanes.

/// Pixels of an integration with the values of the flat.
SPEC2_CLONES void divide(std::size_t size, const float* __restrict flat, const float* __restrict flat_error,
                         float* __restrict sci, float* __restrict err, float* __restrict poisson, float* __restrict rnoise,
                         float* __restrict var_flat) {
  for (std::size_t i = 0; i < size; ++i) {
    const float squared = flat[i] * flat[i];
    const float corrected = sci[i] / flat[i];
    const float spread = corrected / flat[i] * flat_error[i];
    const float of_poisson = poisson[i] / squared, of_rnoise = rnoise[i] / squared, of_flat = spread * spread;
    sci[i] = corrected;
    poisson[i] = of_poisson;
    rnoise[i] = of_rnoise;
    var_flat[i] = of_flat;
    err[i] = std::sqrt(of_poisson + of_rnoise + of_flat);
  }
}

/// The correction undone; the error of the flat then counts no more.
SPEC2_CLONES void multiply(std::size_t size, const float* __restrict flat, float* __restrict sci, float* __restrict err,
              float* __restrict poisson, float* __restrict rnoise, float* __restrict var_flat) {
  for (std::size_t i = 0; i < size; ++i) {
    const float squared = flat[i] * flat[i];
    const float of_poisson = poisson[i] * squared, of_rnoise = rnoise[i] * squared;
    sci[i] *= flat[i];
    poisson[i] = of_poisson;
    rnoise[i] = of_rnoise;
    var_flat[i] = 0.0f;
    err[i] = std::sqrt(of_poisson + of_rnoise);
  }
}

}  // namespace

void apply_flat(Planes& planes, const SlitFlat& made, bool inverse) {
  const std::size_t size = made.flat.size();
  for (std::size_t n = 0; n < planes.sci.shape(0); ++n) {
    const std::size_t first = n * size;
    float* const sci = planes.sci.data() + first;
    float* const err = planes.err.data() + first;
    float* const poisson = planes.var_poisson.data() + first;
    float* const rnoise = planes.var_rnoise.data() + first;
    float* const var_flat = planes.var_flat.data() + first;
    if (inverse) multiply(size, made.flat.data(), sci, err, poisson, rnoise, var_flat);
    else divide(size, made.flat.data(), made.error.data(), sci, err, poisson, rnoise, var_flat);
    std::uint32_t* const dq = planes.dq.data() + first;
    for (std::size_t i = 0; i < size; ++i) dq[i] |= made.dq.data()[i];
  }
  match_invalid_pixels(planes);
}

}  // namespace spec2::flat_field
