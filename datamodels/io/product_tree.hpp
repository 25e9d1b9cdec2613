#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "datamodels/exposure.hpp"
#include "datamodels/io/write_product.hpp"

namespace spec2::io {

/// The ASDF extension of a product: the meta tree, the WCS, and where in the FITS file the arrays lie. `integrations` is the
/// length of the third axis of planes by integration.
std::vector<std::byte> product_tree(const Exposure& exposure, const Metadata& meta, std::size_t integrations, const ProductOrigin& origin);

}  // namespace spec2::io
