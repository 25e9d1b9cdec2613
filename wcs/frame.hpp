#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spec2::wcs {

/// The frame classes of gwcs.coordinate_frames.
enum class FrameKind : std::uint8_t { frame2d, celestial, spectral, composite, generic };

/// A coordinate frame of a pipeline as gwcs describes it.
struct Frame {
  FrameKind kind = FrameKind::frame2d;
  std::string name;                     ///< "v2v3"
  std::vector<int> axes_order;          ///< which axes of the world these are: {0, 1}, {2}
  std::vector<std::string> axes_names;  ///< "v2", "v3"
  std::vector<std::string> units;       ///< as in ASDF: "deg", "um", "arcsec", "pixel", "m", "rad", ""
  std::vector<std::string> axis_physical_types;  ///< "pos.eq.ra", "em.wl", "custom:x"; empty: those gwcs gives
  std::vector<std::string> axes_types;  ///< generic frames only: "SPATIAL", "SPECTRAL"
  std::string reference_frame;          ///< celestial: "icrs"
  std::vector<Frame> parts;             ///< composite

  /// Number of axes; those of its parts for a composite.
  std::size_t axis_count() const;
  /// True when this or a part is celestial.
  bool is_celestial() const;
};

/// Frame2D(name, axes_order=(0, 1)); gwcs's defaults for units (pixel) and names (x, y) when left out.
Frame frame2d(std::string name, std::vector<std::string> units = {"pixel", "pixel"},
              std::vector<std::string> axes_names = {"x", "y"});
/// CelestialFrame(name, reference_frame=ICRS()): degrees, "lon", "lat".
Frame celestial_frame(std::string name, std::vector<std::string> axes_names = {"lon", "lat"});
/// SpectralFrame on axis `axis`.
Frame spectral_frame(std::string name, int axis, std::string unit, std::string axis_name = "wavelength");
Frame composite_frame(std::string name, std::vector<Frame> parts);

}  // namespace spec2::wcs
