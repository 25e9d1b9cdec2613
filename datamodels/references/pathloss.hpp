#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/memory/account.hpp"

namespace spec2 {

/// Reference type pathloss of NIRSpec: losses at the slit by wavelength for a point source anywhere in the aperture, and
/// for a uniform source.
struct PathlossReference {
  /// Linear world coordinate of an axis: value = crval + (index + 1 - crpix) * cdelt, index from 0.
  struct Axis {
    double crpix = 1.0, crval = 0.0, cdelt = 1.0;
  };
  struct Aperture {
    std::string name;                   ///< "S200A1", "MOS1x1"
    int shutters = 0;                   ///< number of shutters of MOS apertures
    std::size_t wavelengths = 0, rows = 0, columns = 0;
    std::vector<float> point;           ///< [wavelength][row][column]
    Axis column_axis, row_axis, wavelength_axis;
    std::vector<float> uniform;         ///< [wavelength]
    Axis uniform_axis;
  };
  std::vector<Aperture> apertures;
  Reservation reservation;

  std::size_t bytes() const { return reservation.bytes(); }
  const Aperture* find(const std::string& name) const;
};

/// Throws Error(reference) naming file and HDU.
PathlossReference read_pathloss(const std::string& path, Account& account);

}  // namespace spec2
