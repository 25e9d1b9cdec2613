#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "wcs/asdf/asdf_file.hpp"

namespace spec2::asdf {

/// Layout of an ndarray node or of a list of numbers. Throws a std::string saying what is wrong, or YAML::Exception.
ArrayInfo parse_array_info(const YAML::Node& node);

/// Values that stand in the tree itself, nested lists in order.
std::vector<double> inline_values(const YAML::Node& node);

/// Values of one type, `stride` bytes apart, as doubles.
std::vector<double> decode(std::span<const std::byte> bytes, const DataType& type, std::size_t stride);

}  // namespace spec2::asdf
