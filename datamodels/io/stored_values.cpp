#include "datamodels/io/stored_values.hpp"

#include <cstring>

#include "core/processor_clones.hpp"

namespace spec2::io {

SPEC2_CLONES void store(const std::byte* values, std::size_t count, std::uint32_t changed_bits, std::byte* out) {
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, values + i * sizeof bits, sizeof bits);
    bits = __builtin_bswap32(bits ^ changed_bits);
    std::memcpy(out + i * sizeof bits, &bits, sizeof bits);
  }
}

}  // namespace spec2::io
