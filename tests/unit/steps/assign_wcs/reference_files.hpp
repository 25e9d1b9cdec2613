#pragma once

#include "steps/assign_wcs/nirspec/optics.hpp"

namespace spec2::testing {

/// The NIRSpec instrument model of the shared reference cache for a set-up, chosen by what the files say they are for.
assign_wcs::nirspec::ReferencePaths nirspec_references(const assign_wcs::nirspec::Setup& setup);

}  // namespace spec2::testing
