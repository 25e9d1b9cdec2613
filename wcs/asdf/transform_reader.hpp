#pragma once

#include <yaml-cpp/yaml.h>

#include "wcs/arena.hpp"
#include "wcs/asdf/asdf_file.hpp"

namespace spec2::asdf {

/// Builds the transform of a tagged node in the arena, with its name, inverse, bounding box, and names of inputs and
/// outputs. Knows the transform tags of ASDF (transform-1.x), gwcs and jwst_pipeline that JWST reference files use; the
/// version in the tag plays no part. Throws an Error naming the file and the tag for an unknown one, and for more than
/// a hundred thousand transforms or a nesting deeper than 200 (a file made to exhaust the memory).
wcs::TransformId read_transform(const AsdfFile& file, const YAML::Node& node, wcs::Arena& arena);

/// "compose" of "tag:stsci.edu:asdf/transform/compose-1.4.0".
std::string bare_tag(const std::string& tag);

}  // namespace spec2::asdf
