#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "datamodels/io/fits_file.hpp"

namespace spec2::pipeline::html {

/// A small picture of one SCI plane: row 0 at the bottom, columns and rows averaged in groups so that it has at most
/// kLargestWidth x kLargestHeight pixels; of a cube the mean over its first axis. Values between two percentiles have the
/// colours; pixels without any value are transparent.
struct Preview {
  static constexpr std::size_t kLargestWidth = 1024, kLargestHeight = 512;
  std::string label;             ///< slit or source
  std::vector<std::size_t> shape;///< of the plane, slowest axis first
  std::size_t width = 0, height = 0;
  double low = 0.0, high = 0.0;  ///< values of the first and the last colour
  std::string unit;
  std::string png;               ///< base64; empty when no pixel has a value
};

/// One of each SCI plane of a product, up to `most`. Reads row by row.
std::vector<Preview> previews(io::FitsFile& file, std::size_t most);

/// Name of what an extension holds: its SLTNAME, else "source N", else "SCI 1".
std::string extension_label(io::FitsFile& file, const std::string& name, int version);

}  // namespace spec2::pipeline::html
