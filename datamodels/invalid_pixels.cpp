#include "datamodels/invalid_pixels.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <numeric>
#include <span>

#include "core/processor_clones.hpp"
#include "datamodels/dq.hpp"

namespace spec2 {
namespace {

/// Pixels looked at together: their marks stay in registers and the nearest cache.
constexpr std::size_t kPixels = 512;
using Marks = std::array<std::uint32_t, kPixels>;  ///< all bits set where a pixel is invalid

constexpr std::uint32_t kQuietNan = 0x7fc00000u;

/// A NaN has all bits of the exponent and some of the fraction: less than zero is left when it is taken from infinity, and the
/// sign then fills all bits. In whole numbers this goes through vector lanes on any machine.
inline std::uint32_t nan_mark(float value) {
  constexpr std::int32_t kInfinity = 0x7f800000;
  return static_cast<std::uint32_t>((kInfinity - static_cast<std::int32_t>(std::bit_cast<std::uint32_t>(value) & 0x7fffffffu)) >>
                                    31);
}

SPEC2_CLONES void mark_nan(std::span<const float> plane, Marks& all_marks) {
  const float* __restrict const values = plane.data();
  std::uint32_t* __restrict const marks = all_marks.data();
  for (std::size_t i = 0; i < plane.size(); ++i) marks[i] |= nan_mark(values[i]);
}

SPEC2_CLONES void set_nan(std::span<float> values, const Marks& marks) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = std::bit_cast<float>((std::bit_cast<std::uint32_t>(values[i]) & ~marks[i]) | (kQuietNan & marks[i]));
  }
}

}  // namespace

void match_invalid_pixels(Planes& planes) {
  const std::array<FloatPlane*, 5> all = {&planes.sci, &planes.err, &planes.var_rnoise, &planes.var_poisson, &planes.var_flat};
  const std::size_t size = planes.sci.size();
  std::array<float*, 5> data{};
  std::size_t count = 0;
  for (FloatPlane* plane : all) {
    if (plane->size() == size && size != 0) data[count++] = plane->data();
  }
  std::uint32_t* const flags = planes.dq.size() == size ? planes.dq.data() : nullptr;
  Marks marks;
  for (std::size_t first = 0; first < size; first += kPixels) {
    const std::size_t pixels = std::min(kPixels, size - first);
    for (std::size_t i = 0; i < pixels; ++i) marks[i] = flags && (flags[first + i] & dq::kDoNotUse) != 0 ? ~0u : 0u;
    for (std::size_t p = 0; p < count; ++p) mark_nan({data[p] + first, pixels}, marks);
    if (std::reduce(marks.begin(), marks.begin() + static_cast<std::ptrdiff_t>(pixels), 0u, std::bit_or<>()) == 0) continue;
    for (std::size_t i = 0; flags && i < pixels; ++i) flags[first + i] |= marks[i] & dq::kDoNotUse;
    for (std::size_t p = 0; p < count; ++p) set_nan({data[p] + first, pixels}, marks);
  }
}

}  // namespace spec2
