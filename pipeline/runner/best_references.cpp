#include "pipeline/runner/best_references.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "datamodels/io/read_exposure.hpp"
#include "pipeline/association/association.hpp"
#include "pipeline/config/parameter_table.hpp"
#include "pipeline/runner/exposure_references.hpp"

namespace spec2::pipeline {
namespace {

void add_types(const StepSpec& step, std::set<std::string>& types) {
  types.insert(parameter_reference_type(step));
  for (const std::string_view type : step.reference_types) types.emplace(type);
  for (const StepSpec* inner : step.steps) add_types(*inner, types);
}

ReferenceAnswer answer(const ReferenceSelector& selector, const HeaderValues& header, const std::string& type) {
  ReferenceAnswer result{type, selector.best(header, type), {}, false};
  if (result.choice.status == RecommendationStatus::file) {
    result.path = selector.path_of(result.choice, header);
    result.present = is_present(result.path);
  }
  return result;
}

std::vector<std::string> wanted_types(const ReferenceSelector& selector, const HeaderValues& header,
                                      const std::vector<std::string>& types) {
  if (!types.empty() && types.front() != "all") return types;
  std::vector<std::string> known = selector.reference_types(header);
  if (!types.empty()) return known;
  const std::vector<std::string> used = pipeline_reference_types();
  std::erase_if(known, [&](const std::string& type) { return !std::ranges::binary_search(used, type); });
  return known;
}

}  // namespace

std::vector<std::string> pipeline_reference_types() {
  std::set<std::string> types;
  add_types(spec2_pipeline(), types);
  return {types.begin(), types.end()};
}

std::vector<ExposureAnswers> best_references(const ReferenceSelector& selector, const std::filesystem::path& input,
                                             const std::vector<std::string>& types) {
  std::vector<ExposureAnswers> answers;
  std::set<std::filesystem::path> seen;
  for (const Product& product : load_association(input).products) {
    for (const Member& member : product.members) {
      const bool is_exposure = member.type == MemberType::science || member.type == MemberType::background ||
                               member.type == MemberType::imprint || member.type == MemberType::selfcal;
      if (!is_exposure || !seen.insert(member.file).second) continue;
      const HeaderValues header = header_values(io::read_header(member.file).meta);
      ExposureAnswers& found = answers.emplace_back();
      found.file = member.file;
      for (const std::string& type : wanted_types(selector, header, types)) {
        found.references.push_back(answer(selector, header, type));
      }
    }
  }
  return answers;
}

}  // namespace spec2::pipeline
