#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "pipeline/cli/command.hpp"
#include "pipeline/runner/best_references.hpp"

namespace spec2::pipeline {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string input;
  std::string context;
  std::string crds_path;
  std::vector<std::string> types;
  bool only_missing = false;
  std::string format = "list";
};

/// "present", "missing", or why there is no file.
std::string state_of(const ReferenceAnswer& answer) {
  switch (answer.choice.status) {
    case RecommendationStatus::file: return answer.present ? "present" : "missing";
    case RecommendationStatus::na: return "not needed";
    case RecommendationStatus::not_found: return "not found";
    case RecommendationStatus::omitted: return "omitted";
  }
  return {};
}

std::string name_of(const ReferenceAnswer& answer) {
  return answer.choice.status == RecommendationStatus::na ? "N/A" : answer.choice.file_name;
}

std::string as_table(const std::vector<ExposureAnswers>& exposures) {
  std::string text;
  for (const ExposureAnswers& exposure : exposures) {
    text += exposure.file.string() + '\n';
    for (const ReferenceAnswer& answer : exposure.references) {
      const std::string& why = answer.choice.rule.empty() ? answer.choice.message : answer.choice.rule;
      text += fmt::format("  {:<26} {:<46} {:<10} {}\n", answer.type, name_of(answer), state_of(answer), why);
    }
  }
  return text;
}

Json as_json(const std::vector<ExposureAnswers>& exposures) {
  Json files = Json::array();
  for (const ExposureAnswers& exposure : exposures) {
    Json references = Json::array();
    for (const ReferenceAnswer& answer : exposure.references) {
      references.push_back({{"type", answer.type}, {"file", name_of(answer)}, {"state", state_of(answer)},
                            {"rule", answer.choice.rule}, {"message", answer.choice.message}});
    }
    files.push_back({{"exposure", exposure.file.string()}, {"references", std::move(references)}});
  }
  return files;
}

/// Names of files that were chosen and are not in the cache, with the types that want them.
std::map<std::string, std::vector<std::string>> missing_files(const std::vector<ExposureAnswers>& exposures) {
  std::map<std::string, std::vector<std::string>> missing;
  for (const ExposureAnswers& exposure : exposures) {
    for (const ReferenceAnswer& answer : exposure.references) {
      if (answer.choice.status != RecommendationStatus::file || answer.present) continue;
      std::vector<std::string>& types = missing[answer.choice.file_name];
      if (std::ranges::find(types, answer.type) == types.end()) types.push_back(answer.type);
    }
  }
  return missing;
}

int run_bestrefs(const Options& options) {
  const auto selector = ReferenceSelector::open_or_environment(options.crds_path, options.context);
  const std::vector<ExposureAnswers> exposures = best_references(selector, options.input, options.types);
  if (!options.only_missing) {
    print(options.format == "json" ? as_json(exposures).dump(2) + '\n' : as_table(exposures));
    return 0;
  }
  const auto missing = missing_files(exposures);
  if (options.format == "json") {
    Json names = Json::array();
    for (const auto& [name, types] : missing) names.push_back({{"file", name}, {"types", types}});
    print(Json{{"context", selector.context()}, {"missing", std::move(names)}}.dump(2) + '\n');
  } else {
    for (const auto& [name, types] : missing) print(name + '\n');
  }
  return 0;
}

}  // namespace

void add_bestrefs_command(CLI::App& program, Action& chosen) {
  CLI::App* const command =
      program.add_subcommand("bestrefs", "say which reference files the rules choose, and which the cache lacks");
  const auto options = std::make_shared<Options>();
  command->add_option("input", options->input, "level-2b association (JSON) or one exposure")->required();
  command->add_option("--context", options->context, "context of the cache (default: $CRDS_CONTEXT, else its own)");
  command->add_option("--crds-path", options->crds_path, "reference cache (default: $CRDS_PATH)");
  command->add_option("--types", options->types, "types to ask for, such as flat,photom; all: every type of the context")
      ->delimiter(',');
  command->add_flag("--missing", options->only_missing,
                    "only names of files that are not in the cache, for fetching them elsewhere");
  command->add_option("--format", options->format, "list or json")->check(CLI::IsMember({"list", "json"}));
  command->callback([options, &chosen] { chosen = [options](const CancelToken&) { return run_bestrefs(*options); }; });
}

}  // namespace spec2::pipeline
