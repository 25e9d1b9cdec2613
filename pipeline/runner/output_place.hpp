#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "pipeline/association/product_name.hpp"
#include "pipeline/config/parameter_set.hpp"

namespace spec2::pipeline {

/// Where a result goes: its folder, and what its name begins with.
struct OutputPlace {
  std::filesystem::path folder;
  ProductRoot root;
};

/// Place of the result of a step: that of the products (`products`), unless output_dir or output_file of the step say otherwise.
/// With output_use_model, or without search_output_file and output_file, the name is made from `current_file`: the one under
/// which the exposure was last read or written. Source: stpipe, Step.save_model and Step.make_output_path.
OutputPlace output_place(const StepParameters& step, const OutputPlace& products, const std::filesystem::path& current_file);

/// A path with ~ and $NAME or ${NAME} replaced as a shell does; names that are not set stay as they are.
std::filesystem::path expanded_path(std::string_view text);

/// Refuses what cannot be written: an output_ext other than fits. Throws Error(user_input) naming the step.
void check_outputs(const ParameterSet& parameters);

}  // namespace spec2::pipeline
