#pragma once

#include <string>

#include "core/parallel.hpp"
#include "datamodels/plane.hpp"
#include "datamodels/references/nirspec_flat.hpp"

namespace spec2::flat_field {

/// The flat of one slit: fore optics x spectrograph x detector, each its image (if any) at the wavelength of the pixel
/// times its fast variation averaged over the width of the pixel.
struct SlitFlat {
  FloatPlane flat;    ///< NaN where a value is not above zero, 1 where a part is bad
  FloatPlane error;
  DqPlane dq;

  SlitFlat clone(Account& account) const;
};

/// References that make up a flat; null ones count as 1 and without error.
struct FlatParts {
  const NirspecFlat* fore_optics = nullptr;
  const NirspecFlat* spectrograph = nullptr;
  const NirspecFlat* detector = nullptr;
};

/// Where the cutout lies on the detector, 0-based.
struct DetectorOrigin {
  std::size_t x = 0;
  std::size_t y = 0;
};

/// Source: jwst 3.0.0 flat_field.create_flat_field, flat_for_nirspec_slit. `wavelength` in micron, NaN outside the slit.
SlitFlat make_slit_flat(View2<const float> wavelength, const FlatParts& parts, const std::string& slit, DetectorOrigin origin,
                        Account& account, const Parallel& parallel);

}  // namespace spec2::flat_field
