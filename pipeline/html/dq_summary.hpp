#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "datamodels/io/fits_file.hpp"

namespace spec2::pipeline::html {

/// How many pixels of one DQ plane have each flag.
struct DqCounts {
  std::string label;                         ///< slit or source
  std::uint64_t pixels = 0;                  ///< of all integrations
  std::uint64_t good = 0;                    ///< without any flag
  std::array<std::uint64_t, 32> flagged{};   ///< by bit
};

/// One of each DQ plane of a product, read in parts.
std::vector<DqCounts> dq_counts(io::FitsFile& file);

/// The counts as an HTML table: a row for each flag that occurs, the sum over planes, and each plane when they are few.
std::string dq_table(const std::vector<DqCounts>& counts);

}  // namespace spec2::pipeline::html
