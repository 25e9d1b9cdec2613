#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/crds/reference_selector.hpp"

namespace spec2::pipeline {

/// The rules' answer for one type of one exposure, and whether the cache has the file.
struct ReferenceAnswer {
  std::string type;
  Recommendation choice;
  std::filesystem::path path;  ///< in the cache; empty when no file was chosen
  bool present = false;
};

struct ExposureAnswers {
  std::filesystem::path file;
  std::vector<ReferenceAnswer> references;
};

/// Types of all steps of calwebb_spec2 and of their parameter references, sorted.
std::vector<std::string> pipeline_reference_types();

/// Best references of an exposure, or of every exposure of an association, each once. `types` empty: those of the pipeline that
/// the context has for the instrument; {"all"}: all that the context has. Reads headers only. Throws Error.
std::vector<ExposureAnswers> best_references(const ReferenceSelector& selector, const std::filesystem::path& input,
                                             const std::vector<std::string>& types);

}  // namespace spec2::pipeline
