#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datamodels/metadata.hpp"
#include "wcs/wcs.hpp"

namespace spec2 {

/// One extracted spectrum: the columns of an x1d table (double, DQ uint32), one value per wavelength element.
/// Units are those of the peer's MultiSpecModel after photom (Jy, MJy/sr) or DN/s when photom did not run.
struct Spectrum {
  std::vector<double> wavelength;  ///< micron
  std::vector<double> flux, flux_error, flux_var_poisson, flux_var_rnoise, flux_var_flat;
  std::vector<double> surf_bright, sb_error, sb_var_poisson, sb_var_rnoise, sb_var_flat;
  std::vector<std::uint32_t> dq;
  std::vector<double> background, bkgd_error, bkgd_var_poisson, bkgd_var_rnoise, bkgd_var_flat;
  std::vector<double> npixels;

  std::string flux_unit;        ///< TUNIT of FLUX ("Jy")
  std::string surf_bright_unit; ///< TUNIT of SURF_BRIGHT ("MJy/sr")

  /// Keywords of the table's header: SLTNAME, SOURCEID, SRCTYPE, EXTRXSTR, ..., in the peer's order.
  Metadata meta;
  int integration = 0;  ///< 1-based for time series, 0 otherwise
  /// Pixel to position and wavelength; records live in the arena of the exposure. Empty: none is written. Of the integrations
  /// of a time series the first has it.
  wcs::Wcs wcs;

  std::size_t size() const { return wavelength.size(); }
};

}  // namespace spec2
