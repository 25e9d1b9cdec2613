#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/memory/account.hpp"

namespace spec2 {

/// Reference type wavecorr: the zero-point offset in pixels by wavelength (m) and source position in the slit.
struct WavecorrReference {
  struct Aperture {
    std::string name;                  ///< "S200A1", "MOS"
    std::vector<double> wavelength_m;  ///< rising
    std::vector<double> position;      ///< fraction of the slit, rising
    std::vector<double> offset;        ///< [wavelength][position], pixels
  };
  std::vector<Aperture> apertures;
  Reservation reservation;

  std::size_t bytes() const { return reservation.bytes(); }
  const Aperture* find(const std::string& name) const;
};

/// Throws Error(reference) naming the file and what is missing in it.
WavecorrReference read_wavecorr(const std::string& path, Account& account);

}  // namespace spec2
