#pragma once

#include <span>
#include <string>
#include <vector>

#include "pipeline/runner/product_run.hpp"
#include "pipeline/runner/product_setup.hpp"
#include "pipeline/runner/run_record.hpp"

namespace spec2::pipeline {

/// What a product is made from, as far as it is known before it is made: program, settings, parameters, references, inputs
/// without their checksums.
ProductRecord record_of_setup(const ProductSetup& setup, const RunResources& resources);

/// The files of a product as its record has them.
std::vector<RecordedFile> recorded_products(std::span<const WrittenFile> written, const std::filesystem::path& output_dir);

/// Completes the record with what came of the product.
void complete_record(ProductRecord& record, const ProductResult& result);

/// Why a product must be done again: "parameter steps.photom.skip changed from 'true' to 'false'". Empty when the record says
/// that it was done from the same things, and its files are there as they were written. What takes longest is looked at last.
std::string reason_to_redo(const ProductRecord& recorded, const ProductRecord& now, const RunResources& resources);

/// Files of the record with their folders.
std::vector<std::filesystem::path> product_paths(const ProductRecord& record, const std::filesystem::path& output_folder);

/// Removes what killed runs left in the folders that the product writes to.
void remove_leftovers(const ProductSetup& setup, const RunResources& resources);

}  // namespace spec2::pipeline
