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

ExposureReferences::Choice ExposureReferences::make_choice(std::string_view step, std::string_view type) const {
  Choice choice{.planned = {.type = std::string(type)}};
  PlannedReference& planned = choice.planned;
  if (const auto given = override_of(step, type)) {
    planned.file = choice.path = *given;
    planned.present = *given == "N/A" || is_present(*given);
    planned.message = fmt::format("override_{} of {}", type, step);
    choice.is_override = true;
    return choice;
  }
  const Recommendation best = selector_->best(header_, type);
  if (best.status == RecommendationStatus::file) {
    planned.file = best.file_name;
    choice.path = selector_->path_of(best, header_).string();
    planned.present = is_present(choice.path);
    planned.message = best.rule;
  } else if (best.status == RecommendationStatus::not_found) {
    planned.message = best.message;
  } else {
    planned.file = "N/A";
    planned.present = true;
    planned.message = best.rule;
  }
  return choice;
}

const ExposureReferences::Choice& ExposureReferences::choice(std::string_view step, std::string_view type) const {
  const std::lock_guard guard(lock_);
  const auto key = std::make_pair(std::string(step), std::string(type));
  const auto found = choices_.find(key);
  return found != choices_.end() ? found->second : choices_.emplace(key, make_choice(step, type)).first->second;
}

std::optional<std::string> ExposureReferences::path(std::string_view step, std::string_view type) const {
  const auto& [planned, path, is_override] = choice(step, type);
  if (planned.file == "N/A") return std::nullopt;
  if (planned.file.empty()) {
    throw Error(ErrorCause::reference, fmt::format("no reference of type {} for this exposure: {}", type, planned.message), {},
                fmt::format("Choose another context, or give one with --override {}=file", type));
  }
  if (!planned.present && is_override) {
    throw Error(ErrorCause::reference, fmt::format("the file given for reference type {} is not there", type), {.file = path},
                "Check the path of the override");
  }
  if (!planned.present) {
    throw Error(ErrorCause::reference, fmt::format("the reference of type {} is not in the cache", type), {.file = path},
                "Fetch it into the cache; spec2 plan lists all that are missing");
  }
  return path;
}

std::optional<std::string> StepReferences::path(std::string_view type) {
  const PlannedReference& choice = references_->choose(step_, type);
  auto found = references_->path(step_, type);
  if (const std::string keyword = record_keyword(type); !keyword.empty()) {
    const std::string name = std::filesystem::path(choice.file).filename().string();
    const bool from_cache = choice.file == name && name != "N/A";
    used_[keyword] = !found ? "N/A" : from_cache ? "crds://" + name : name;
  }
  return found;
}

}  // namespace spec2::pipeline
