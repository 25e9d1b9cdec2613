#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/memory/account.hpp"

namespace spec2 {

/// Reference type area of NIRSpec fixed slits: the solid angle a pixel sees through each slit.
struct SlitAreaReference {
  struct Row {
    std::string slit;
    double pixel_area_arcsec2;
  };
  std::vector<Row> rows;
  Reservation reservation;

  std::size_t bytes() const { return reservation.bytes(); }
  std::optional<double> find(const std::string& slit) const;
};

SlitAreaReference read_slit_area(const std::string& path, Account& account);

}  // namespace spec2
