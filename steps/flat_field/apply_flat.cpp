#include "steps/flat_field/apply_flat.hpp"

#include <cmath>

#include "datamodels/invalid_pixels.hpp"

namespace spec2::flat_field {

void apply_flat(Planes& planes, const SlitFlat& made, bool inverse) {
  const std::size_t size = made.flat.size();
  const float* const flat = made.flat.data();
  const float* const flat_error = made.error.data();
  for (std::size_t n = 0; n < planes.sci.shape(0); ++n) {
    float* const sci = planes.sci.data() + n * size;
    float* const err = planes.err.data() + n * size;
    float* const poisson = planes.var_poisson.data() + n * size;
    float* const rnoise = planes.var_rnoise.data() + n * size;
    float* const var_flat = planes.var_flat.data() + n * size;
    std::uint32_t* const dq = planes.dq.data() + n * size;
    for (std::size_t i = 0; i < size; ++i) {
      const float squared = flat[i] * flat[i];
      sci[i] = inverse ? sci[i] * flat[i] : sci[i] / flat[i];
      poisson[i] = inverse ? poisson[i] * squared : poisson[i] / squared;
      rnoise[i] = inverse ? rnoise[i] * squared : rnoise[i] / squared;
      const float spread = sci[i] / flat[i] * flat_error[i];
      var_flat[i] = inverse ? 0.0f : spread * spread;
      err[i] = std::sqrt(poisson[i] + rnoise[i] + var_flat[i]);
      dq[i] |= made.dq.data()[i];
    }
  }
  match_invalid_pixels(planes);
}

}  // namespace spec2::flat_field
