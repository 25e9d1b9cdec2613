#pragma once

#include <span>
#include <vector>

#include "core/memory/account.hpp"
#include "core/memory/buffer.hpp"
#include "core/view.hpp"
#include "datamodels/spectrum.hpp"

namespace spec2::clean_flicker_noise {

/// How bright each integration is, where there are no spectra: the median of its pixels, in float32.
std::vector<double> median_fluxes(View3<const float> data);
/// The same of a time series: the sum over the spectrum of each integration.
std::vector<double> white_light(std::span<const Spectrum> by_integration);

/// The median over integrations, scaled for each integration by its flux: [integration, row, column]. Integrations without a
/// finite flux take the median scale. Empty when no flux is finite. Source: jwst 3.0.0
/// clean_flicker_noise.tso_median_image.make_median_image.
Buffer<float> scaled_median_image(View3<const float> data, const std::vector<double>& fluxes, Account& account);

}  // namespace spec2::clean_flicker_noise
