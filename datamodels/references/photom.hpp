#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/memory/account.hpp"

namespace spec2 {

/// Reference type photom of NIRSpec: flux calibration by filter, grating and slit.
struct PhotomReference {
  struct Row {
    std::string filter, grating, slit;   ///< upper case
    float photmj = 0.0f;                 ///< MJy for 1 DN/s
    std::vector<double> wavelength_um;   ///< rising
    std::vector<double> response;        ///< relative, by wavelength
  };
  std::vector<Row> rows;
  /// Coefficients of the change with time, one for each row; empty when the file has none.
  struct Linear {
    float t0, loss_per_year;
  };
  struct Exponential {
    float t0, amplitude, tau, constant;
  };
  struct PowerLaw {
    float t0, year1_value, t_soft, alpha;
  };
  std::vector<Linear> linear;
  std::vector<Exponential> exponential;
  std::vector<PowerLaw> power_law;
  Reservation reservation;

  std::size_t bytes() const { return reservation.bytes(); }
  /// The one row for these; empty when there is none. `slit` empty matches any. Throws Error(reference) for several.
  std::optional<std::size_t> find(const std::string& filter, const std::string& grating, const std::string& slit) const;
  /// Fraction of light recorded at `mid_time_mjd` relative to the zero day, float32 terms as the peer has them.
  double time_correction(std::size_t row, double mid_time_mjd) const;
  bool changes_with_time() const { return !linear.empty() || !exponential.empty() || !power_law.empty(); }
};

PhotomReference read_photom(const std::string& path, Account& account);

}  // namespace spec2
