#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/memory/account.hpp"

namespace spec2 {

/// Reference type apcorr of NIRSpec fixed slits: what an aperture of some size misses of a point source, by wavelength,
/// size and phase of the source in its pixel.
struct SlitApcorrReference {
  struct Row {
    std::string filter, grating, slit;  ///< upper case
    std::vector<double> wavelength;     ///< micron, rising
    std::vector<double> phase;
    std::size_t sizes = 0;
    std::vector<double> size;           ///< [size][wavelength], in `size_unit`
    std::vector<double> correction;     ///< [size][wavelength][phase]
  };
  std::string size_unit;                ///< "pixels" or "arcsec..."
  std::vector<Row> rows;
  Reservation reservation;

  std::size_t bytes() const { return reservation.bytes(); }
  /// The one row for these. Throws Error(reference) when there is none or several.
  const Row& find(const std::string& filter, const std::string& grating, const std::string& slit) const;
};

SlitApcorrReference read_slit_apcorr(const std::string& path, Account& account);

}  // namespace spec2
