#pragma once

#include <string>
#include <string_view>

#include "pipeline/memory_report/product_memory.hpp"

namespace spec2::pipeline {

/// What a worker process sends of a product to the process that writes the report.
std::string to_json(const ProductMemory& product);
/// Throws Error(internal) when the text is not of this form.
ProductMemory product_memory(std::string_view text);

}  // namespace spec2::pipeline
