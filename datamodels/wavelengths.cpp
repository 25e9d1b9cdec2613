#include "datamodels/wavelengths.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace spec2 {

wcs::Mapper wavelength_mapper(const wcs::Arena& arena, const wcs::Wcs& wcs) {
  constexpr std::size_t kWavelength = 2;
  return wcs::Mapper::forward_only(arena, wcs, kWavelength);
}

void fill_wavelengths(const wcs::Arena& arena, const wcs::Wcs& wcs, View2<float> wavelength, const Parallel& parallel) {
  const wcs::Mapper mapper = wavelength_mapper(arena, wcs);
  constexpr std::size_t kRowsPerBlock = 8;
  parallel.for_blocks(wavelength.rows, kRowsPerBlock, [&](std::size_t first, std::size_t last) {
    wcs::Scratch scratch;
    std::vector<double> row(wavelength.columns);
    const std::array<View2<double>, 1> out = {View2<double>(row.data(), 1, row.size())};
    for (std::size_t y = first; y < last; ++y) {
      mapper.grid(scratch, 0.0, static_cast<double>(y), wavelength.columns, 1, out);
      std::transform(row.begin(), row.end(), wavelength.row(y), [](double value) { return static_cast<float>(value); });
    }
  });
}

}  // namespace spec2
