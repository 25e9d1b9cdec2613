#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wcs/arena.hpp"
#include "wcs/asdf/asdf_file.hpp"

/// Readers of the NIRSpec instrument models (reference types camera, collimator, disperser, ...), from opened files. All throw
/// Error(reference) naming the file and the missing or wrong part.
namespace spec2::asdf {

/// Files with one transform under `model`: camera, collimator, fore, ote, ifufore, chromcorr.
wcs::TransformId read_model(const AsdfFile& file, wcs::Arena& arena);

/// fpa: the transform of one detector ("NRS1").
wcs::TransformId read_fpa(const AsdfFile& file, const std::string& detector, wcs::Arena& arena);

/// Correction of a tilt angle of the grating wheel from a sensor reading.
struct TiltModel {
  std::vector<double> zero_readings;
  std::vector<double> coefficients;  ///< polynomial: reading offset -> arcsec
  std::string unit;
};

struct Disperser {
  double tilt_x = 0.0, tilt_y = 0.0;                 ///< as in the file
  double theta_x = 0.0, theta_y = 0.0, theta_z = 0.0;
  TiltModel gwa_tiltx, gwa_tilty;
  std::optional<double> groove_density;              ///< 1/m; gratings
  /// The prism: angle in degrees, glass coefficients, temperature K and pressure atm they hold for.
  double angle = 0.0;
  double reference_temperature = 0.0, reference_pressure = 0.0;
  std::array<double, 3> kcoef{}, lcoef{};
  std::array<double, 6> tcoef{};
  std::vector<double> wavelength_bounds;             ///< wbound, m
  bool is_mirror = false;
};
Disperser read_disperser(const AsdfFile& file);

/// One opening of the micro-shutter array or of the image slicer.
struct Opening {
  double x_centre = 0.0, y_centre = 0.0;  ///< XC, YC
  double x_size = 0.0, y_size = 0.0;      ///< SIZEX, SIZEY, m
};

/// The msa file, opened; openings are read when asked for (62415 a quadrant).
class MsaReference {
 public:
  explicit MsaReference(AsdfFile file) : file_(std::move(file)) {}
  /// Quadrant 1-4, 5 for the fixed slits and the IFU aperture.
  wcs::TransformId quadrant_model(int quadrant, wcs::Arena& arena) const;
  Opening opening(int quadrant, std::size_t row) const;
  std::vector<Opening> openings(int quadrant, std::size_t first, std::size_t count) const;
  const AsdfFile& file() const noexcept { return file_; }

 private:
  AsdfFile file_;
};

/// ifuslicer: the 30 slices and the transform of the slicer plane.
struct Slicer {
  std::vector<Opening> slices;
  wcs::TransformId model;
};
Slicer read_slicer(const AsdfFile& file, wcs::Arena& arena);

/// ifupost: the parts of the transform of one slice.
struct IfuPost {
  wcs::TransformId linear, x_polynomial, x_distortion, y_polynomial, y_distortion;
};
std::vector<IfuPost> read_ifupost(const AsdfFile& file, const std::vector<int>& slices, wcs::Arena& arena);

/// wavelengthrange: order and range by "FILTER_GRATING".
struct WavelengthRange {
  std::string selector;
  int order = 0;
  double low_m = 0.0, high_m = 0.0;
};
std::vector<WavelengthRange> read_wavelength_ranges(const AsdfFile& file);

}  // namespace spec2::asdf
