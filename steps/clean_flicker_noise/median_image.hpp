#pragma once

#include "core/memory/account.hpp"
#include "core/memory/buffer.hpp"
#include "core/view.hpp"

namespace spec2::clean_flicker_noise {

/// The median over integrations, scaled for each integration by its median flux: [integration, row, column]. Integrations
/// without a finite flux take the median scale. Empty when there is no finite flux at all. For modes other than time
/// series. Source: jwst 3.0.0 clean_flicker_noise.tso_median_image.make_median_image.
Buffer<float> scaled_median_image(View3<const float> data, Account& account);

}  // namespace spec2::clean_flicker_noise
