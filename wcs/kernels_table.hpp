#pragma once

#include <cstddef>
#include <cstdint>

namespace spec2::wcs::kernels {

/// Linear (or nearest) interpolation as scipy.interpolate.interpn does it for astropy's Tabular1D and Tabular2D; operands as
/// Code::tabular1d and Code::tabular2d. Points may rise or fall. NaN gives NaN.
void table1d(std::uint8_t option, std::uint32_t size, const double* p, const double* x, double* out, std::size_t n);
void table2d(std::uint8_t option, std::uint32_t size, const double* p, const double* x, const double* y, double* out,
             std::size_t n);

}  // namespace spec2::wcs::kernels
