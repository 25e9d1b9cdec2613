#pragma once

#include <cstddef>
#include <cstdint>

#include "wcs/kernels.hpp"

namespace spec2::wcs::kernels {

/// The operations of gratings, prisms, slicers and apertures; arguments as those of `run`.
void run_optics(Code code, std::uint32_t size, const double* p, const double* const* in, double* const* out, std::size_t n);

}  // namespace spec2::wcs::kernels
