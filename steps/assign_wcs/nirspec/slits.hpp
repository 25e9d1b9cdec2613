#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "steps/assign_wcs/nirspec/setup.hpp"
#include "wcs/record.hpp"

namespace spec2::assign_wcs::nirspec {

/// Id of a fixed slit in the WCS: -101 (S200A1) to -105 (S200B1), -100 for other names.
int fixed_slit_id(std::string_view name);
/// Number of a fixed slit, 1 to 5, 0 for "NONE" and other names.
int fixed_slit_number(std::string_view name);
/// Quadrant that stands for the fixed slits.
inline constexpr int kFixedSlitQuadrant = 5;

/// The fixed slits that a subarray shows: one for the subarrays made for a slit, all five else. The source of the primary
/// slit has number 1, those of the others ten times the number of the primary slit plus their own.
/// Source: jwst 3.0.0 assign_wcs.nirspec.get_open_fixed_slits.
std::vector<wcs::SlitDescription> open_fixed_slits(const Setup& setup);

}  // namespace spec2::assign_wcs::nirspec
