#pragma once

#include <string>
#include <vector>

#include "datamodels/exposure.hpp"
#include "datamodels/io/product_file.hpp"

namespace spec2::io {

/// Cards of the primary header, in the order of the schema; keywords that are in no schema come last.
std::vector<Card> primary_cards(const Exposure& exposure, const std::string& file_name, const std::string& version);

/// Cards of the SCI header of an image: the keywords of the exposure that belong there.
std::vector<Card> image_cards(const Metadata& meta);

/// Those of a slit: as above, then what the slit itself knows wins.
std::vector<Card> slit_cards(const Exposure& exposure, const Slit& slit);

/// Cards of a spectrum's table.
std::vector<Card> spectrum_cards(const Spectrum& spectrum);

/// All keywords of a slit's SCI header in one place.
Metadata slit_metadata(const Exposure& exposure, const Slit& slit);

}  // namespace spec2::io
