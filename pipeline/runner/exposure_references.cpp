#include "pipeline/runner/exposure_references.hpp"

#include "core/error.hpp"
#include "datamodels/schema/keyword_table.hpp"

namespace spec2::pipeline {
namespace {

/// "R_PHOTOM" of "photom"; empty when no keyword records the type.
std::string record_keyword(std::string_view type) {
  const std::string path = fmt::format("meta.ref_file.{}.name", type);
  for (const KeywordInfo& info : keyword_table()) {
    if (info.path == path) return std::string(info.keyword);
  }
  return {};
}

}  // namespace

HeaderValues header_values(const Metadata& meta) {
  HeaderValues values;
  for (const Metadata::Entry& entry : meta.entries()) {
    std::visit([&](const auto& value) { values.set(entry.keyword, value); }, entry.value);
  }
  return values;
}

ExposureReferences::ExposureReferences(const ReferenceSelector& selector, const ParameterSet& parameters, const Metadata& header)
    : selector_(&selector), parameters_(&parameters), header_(header_values(header)) {}

std::optional<std::string> ExposureReferences::override_of(std::string_view step, std::string_view type) const {
  const StepParameters& parameters = parameters_->step(step);
  const std::string name = fmt::format("override_{}", type);
  return parameters.has(name) ? parameters.optional_text(name) : std::nullopt;
}

PlannedReference ExposureReferences::choose(std::string_view step, std::string_view type) const {
  PlannedReference choice{.type = std::string(type)};
  if (const auto given = override_of(step, type)) {
    choice.file = *given;
    choice.present = *given == "N/A" || is_present(*given);
    choice.message = fmt::format("override_{} of {}", type, step);
    return choice;
  }
  const Recommendation best = selector_->best(header_, type);
  if (best.status == RecommendationStatus::file) {
    choice.file = best.file_name;
    choice.present = is_present(selector_->path_of(best, header_));
    choice.message = best.rule;
  } else if (best.status == RecommendationStatus::not_found) {
    choice.message = best.message;
  } else {
    choice.file = "N/A";
    choice.present = true;
    choice.message = best.rule;
  }
  return choice;
}

std::optional<std::string> ExposureReferences::path(std::string_view step, std::string_view type) const {
  const PlannedReference choice = choose(step, type);
  if (choice.file == "N/A") return std::nullopt;
  if (choice.file.empty()) {
    throw Error(ErrorCause::reference, fmt::format("no reference of type {} for this exposure: {}", type, choice.message), {},
                fmt::format("Choose another context, or give one with --override {}=file", type));
  }
  if (override_of(step, type)) {
    if (!choice.present) {
      throw Error(ErrorCause::reference, fmt::format("the file given for reference type {} is not there", type), {.file = choice.file},
                  "Check the path of the override");
    }
    return choice.file;
  }
  const auto file = selector_->path_of(selector_->best(header_, type), header_);
  if (!choice.present) {
    throw Error(ErrorCause::reference, fmt::format("the reference of type {} is not in the cache", type), {.file = file.string()},
                "Fetch it into the cache; spec2 plan lists all that are missing");
  }
  return file.string();
}

std::optional<std::string> StepReferences::path(std::string_view type) {
  const PlannedReference choice = references_->choose(step_, type);
  const auto found = references_->path(step_, type);
  if (const std::string keyword = record_keyword(type); !keyword.empty()) {
    const std::string name = std::filesystem::path(choice.file).filename().string();
    const bool from_cache = choice.file == name && name != "N/A";
    used_[keyword] = !found ? "N/A" : from_cache ? "crds://" + name : name;
  }
  return found;
}

}  // namespace spec2::pipeline
