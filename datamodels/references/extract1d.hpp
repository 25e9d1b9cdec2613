#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/memory/account.hpp"

namespace spec2 {

/// Reference type extract1d (JSON): apertures by slit. Members that the file leaves out are empty.
struct Extract1dReference {
  using Polynomials = std::vector<std::vector<double>>;  ///< lower, upper, lower, upper, ...; coefficients from order 0 up
  struct Aperture {
    std::string id;
    std::string region_type = "target";
    std::optional<int> spectral_order;      ///< empty: any that is asked for
    std::optional<double> xstart, xstop, ystart, ystop;
    std::optional<double> extract_width;    ///< pixels
    std::optional<Polynomials> src_coeff, bkg_coeff;
    std::optional<std::string> bkg_fit;
    std::optional<int> bkg_order;
    std::string independent_var = "pixel";
    std::optional<bool> use_source_posn;
    double smoothing_length = 0.0;
  };
  std::vector<Aperture> apertures;
  Reservation reservation;

  std::size_t bytes() const { return reservation.bytes(); }
};

/// Throws Error(reference) with file and line for text that is no JSON, and with the key for a wrong value.
Extract1dReference read_extract1d(const std::string& path, Account& account);

}  // namespace spec2
