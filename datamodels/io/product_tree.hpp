#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "datamodels/exposure.hpp"
#include "datamodels/io/write_product.hpp"

namespace spec2::io {

/// The ASDF extension of a product: the meta tree, the WCS, and where in the FITS file the arrays lie. `integrations` is the
/// length of the third axis of planes by integration. With the checksum of the headers of all other HDUs
/// (`ProductFile::checksum_of_headers`) the peer takes the metadata from this tree, as from a file of its own, and not from the
/// headers once more.
std::vector<std::byte> product_tree(const Exposure& exposure, const Metadata& meta, std::size_t integrations,
                                    const ProductOrigin& origin, const std::string& checksum_of_headers);

}  // namespace spec2::io
