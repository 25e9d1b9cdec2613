#pragma once

#include <filesystem>
#include <string>

#include "datamodels/exposure.hpp"
#include "datamodels/io/product_file.hpp"

namespace spec2::io {

/// Program and version that stand in CAL_VER of products.
struct ProductOrigin {
  std::string version;
};

/// Writes the exposure as the peer writes a model of its kind: images with their planes, slits with one set of planes
/// each (EXTVER from 1), spectra as tables, last the ASDF extension with the meta tree and the WCS. The result is finished
/// and waits for `commit()`.
ProductFile write_product(const Exposure& exposure, const std::filesystem::path& path, const ProductOrigin& origin);

}  // namespace spec2::io
