#pragma once

#include <string>

#include "datamodels/metadata.hpp"
#include "pipeline/html/output_folder.hpp"

namespace spec2::pipeline::html {

/// What a product is of, by the primary header: target, instrument, exposure, versions.
std::string header_facts(const Metadata& header);

/// Steps that the header says were done or skipped, those of the stage before included.
std::string header_steps(const Metadata& header);

/// References, parameters and inputs of the product by the record of the run; empty without one.
std::string recorded_facts(const FoundProduct& product);

}  // namespace spec2::pipeline::html
