#pragma once

#include <filesystem>

#include "core/log.hpp"
#include "pipeline/association/association.hpp"
#include "pipeline/runner/run.hpp"

namespace spec2::pipeline {

/// --output-dir, else the parameter output_dir, else the current folder.
std::filesystem::path products_folder(const RunOptions& options, const ParameterSet& given);

/// The association of a run: with what input_dir and output_file say of it, and of its products those that were asked for.
/// output_file names the product when there is one only. Throws Error(user_input) for a product that is not in it.
Association open_association(const RunOptions& options, const ParameterSet& given, const Log& log);

}  // namespace spec2::pipeline
