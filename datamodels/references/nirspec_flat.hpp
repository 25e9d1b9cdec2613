#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "datamodels/plane.hpp"

namespace spec2 {

/// Rows [first_row, first_row + rows) of the detector, all columns.
struct DetectorRows {
  std::size_t first_row = 0;
  std::size_t rows = 0;
};

/// Reference types fflat, sflat and dflat of NIRSpec fixed slits: a curve of fast variation with wavelength by slit and,
/// for sflat and dflat, an image (sflat) or a cube by wavelength (dflat) of which only some detector rows are held.
struct NirspecFlat {
  /// Fast variation of one slit; rising wavelength, NaN and zeros taken out.
  struct Curve {
    std::string slit;                  ///< lower case; "any" for all; empty when the table has no slits
    std::vector<double> wavelength;    ///< micron
    std::vector<double> flat, error;
  };
  std::vector<Curve> curves;
  DetectorRows region;
  FloatPlane image;                    ///< [wavelength, row, column]; empty for fflat
  FloatPlane error;                    ///< same, or one plane for all wavelengths; empty when the file has none
  DqPlane dq;                          ///< same; standard bits
  std::vector<double> image_wavelength;///< micron, of the planes of a cube
  Reservation reservation;

  std::size_t bytes() const;
  /// Curve of a slit; throws Error(reference) when there is none.
  const Curve& curve(const std::string& slit) const;
  std::string file;
};

NirspecFlat read_nirspec_flat(const std::string& path, const DetectorRows& region, Account& account);

}  // namespace spec2
