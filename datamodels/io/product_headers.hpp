#pragma once

#include <span>
#include <string>
#include <vector>

#include "datamodels/exposure.hpp"
#include "datamodels/io/header_text.hpp"
#include "datamodels/schema/keyword_table.hpp"

namespace spec2::io {

/// A keyword of a product with its row in the schema (null for keywords of no schema).
struct HeaderEntry {
  const KeywordInfo* info;
  std::string keyword;
  MetaValue value;
};

/// Headers of the primary HDU and of what belongs to the exposure in the (first) SCI header, in the peer's order and with
/// titles above groups of keywords.
struct ExposureCards {
  std::vector<Card> primary;
  std::vector<Card> sci;
};

/// The keywords of the exposure as its products hold them: DATE, FILENAME, DATAMODL and CAL_VER are set to those of the
/// product.
Metadata product_metadata(const Exposure& exposure, const std::string& file_name, const std::string& version);

/// Splits `meta` over the headers. For a product with a list of slits the SCI part holds only what no slit has of its own
/// (times and orbit); for tables of spectra it is empty.
ExposureCards exposure_cards(const Metadata& meta, ModelKind kind);

/// All keywords of a slit's SCI header: what the exposure says about each of its images, then what the slit itself knows.
Metadata slit_metadata(const Exposure& exposure, const Slit& slit);
/// The cards of it.
std::vector<Card> slit_cards(const Metadata& slit_meta);

/// Cards of a spectrum's table.
std::vector<Card> spectrum_cards(const Metadata& spectrum_meta);

/// True for keywords of the SCI header that belong to the exposure and not to each slit of it.
bool is_of_whole_exposure(const KeywordInfo& info);

}  // namespace spec2::io
