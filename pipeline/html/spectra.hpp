#pragma once

#include <cstddef>
#include <vector>

#include "datamodels/io/fits_file.hpp"
#include "pipeline/html/charts.hpp"

namespace spec2::pipeline::html {

/// Charts of an extracted product, up to `most` tables of it. Of x1d: flux with errors against wavelength for each table. Of
/// x1dints: the sum over wavelengths of each integration against time, and the median spectrum with the first, middle and last
/// one. Rows are read in groups; the median is over kMostInMedian integrations spread evenly.
inline constexpr std::size_t kMostInMedian = 101;
std::vector<Chart> spectrum_charts(io::FitsFile& file, std::size_t most);

}  // namespace spec2::pipeline::html
