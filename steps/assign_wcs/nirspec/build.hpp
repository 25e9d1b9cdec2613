#pragma once

#include <optional>
#include <vector>

#include "core/log.hpp"
#include "steps/assign_wcs/nirspec/msa_slitlets.hpp"
#include "steps/assign_wcs/nirspec/optics.hpp"
#include "steps/assign_wcs/nirspec/setup.hpp"
#include "wcs/wcs.hpp"

namespace spec2::assign_wcs::nirspec {

/// The MSA metafile and the rows of it that hold for an exposure.
struct MsaConfiguration {
  MsaMetafile metafile;
  MsaSelection selection;
};

/// A slit, slitlet or slice with its WCS.
struct OpenSlit {
  wcs::SlitDescription description;
  wcs::Wcs wcs;  ///< takes no slit id; has its bounding box
};

struct ExposureWcs {
  wcs::Wcs all;                ///< takes the slit id; has the boxes of all slits
  std::vector<OpenSlit> slits; ///< in the order of the peer: by quadrant
  SpectralRange range;
};

/// Builds the WCS of an exposure from the reference files. The arena is left open. Throws Error(no_data) when no open slit
/// falls on the detector, Error(data) for missing keywords, Error(reference) for missing or damaged files.
ExposureWcs build_wcs(wcs::Arena& arena, const ReferencePaths& paths, const Setup& setup,
                      const std::optional<MsaConfiguration>& msa, const Log& log = {}, const Parallel& parallel = Parallel());

}  // namespace spec2::assign_wcs::nirspec
