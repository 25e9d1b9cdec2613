#pragma once

#include <optional>
#include <string>

#include "steps/assign_wcs/pointing.hpp"

namespace spec2::assign_wcs::nirspec {

/// What the WCS of a NIRSpec exposure depends on, as the header keywords say it.
struct Setup {
  std::string exp_type;    ///< EXP_TYPE: NRS_FIXEDSLIT, NRS_BRIGHTOBJ, NRS_MSASPEC, NRS_IFU, NRS_LAMP, NRS_AUTOWAVE, NRS_AUTOFLAT
  std::string detector;    ///< DETECTOR: NRS1, NRS2
  std::string grating;     ///< GRATING: G140M, ..., PRISM
  std::string filter;      ///< FILTER
  std::string lamp_state;  ///< LAMP: LINE1, FLAT2, ...
  std::string lamp_mode;   ///< OPMODE: FIXEDSLIT, IFU, MSASPEC, BRIGHTOBJ
  std::string subarray;    ///< SUBARRAY
  std::string primary_slit = "NONE";  ///< FXD_SLIT
  int subarray_x_start = 1;  ///< SUBSTRT1, 1-based
  int subarray_y_start = 1;  ///< SUBSTRT2
  std::optional<double> gwa_x_tilt;         ///< GWA_XTIL, sensor reading
  std::optional<double> gwa_y_tilt;         ///< GWA_YTIL
  std::optional<double> gwa_temperature_k;  ///< GWA_TILT
  Pointing pointing;
  double slit_y_low = -0.55;   ///< parameter slit_y_low
  double slit_y_high = 0.55;
};

/// Exposures of internal lamps: wavelengths in micron and no frames behind the MSA.
bool is_lamp(const Setup& setup);
/// True when the pipeline of frames ends at the MSA: lamps and the closed filter wheel.
bool ends_at_msa(const Setup& setup);
/// True for the IFU, on the sky or with a lamp.
bool is_ifu(const Setup& setup);
/// True when the open slits come from an MSA metafile.
bool uses_msa(const Setup& setup);

}  // namespace spec2::assign_wcs::nirspec
