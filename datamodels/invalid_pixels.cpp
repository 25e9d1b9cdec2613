#include "datamodels/invalid_pixels.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "datamodels/dq.hpp"

namespace spec2 {

void match_invalid_pixels(Planes& planes) {
  const std::array<FloatPlane*, 5> all = {&planes.sci, &planes.err, &planes.var_rnoise, &planes.var_poisson, &planes.var_flat};
  const std::size_t size = planes.sci.size();
  std::array<float*, 5> data{};
  std::size_t count = 0;
  for (FloatPlane* plane : all) {
    if (plane->size() == size && size != 0) data[count++] = plane->data();
  }
  std::uint32_t* const flags = planes.dq.size() == size ? planes.dq.data() : nullptr;
  for (std::size_t i = 0; i < size; ++i) {
    bool invalid = flags && (flags[i] & dq::kDoNotUse) != 0;
    for (std::size_t p = 0; p < count; ++p) invalid |= std::isnan(data[p][i]);
    if (!invalid) continue;
    if (flags) flags[i] |= dq::kDoNotUse;
    for (std::size_t p = 0; p < count; ++p) data[p][i] = std::numeric_limits<float>::quiet_NaN();
  }
}

}  // namespace spec2
