#include "pipeline/config/parameter_loader.hpp"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/config/parameter_file.hpp"

namespace spec2::pipeline {
namespace {

/// Parameter references of a step and of those inside it, the step's own over theirs. No rule means no parameters.
class ReferenceParameters {
 public:
  ReferenceParameters(const ParameterRequest& request, LoadedParameters& loaded) : request_(request), loaded_(loaded) {}

  ConfigValue tree_of(const StepSpec& step) {
    ConfigValue tree = ConfigValue::section();
    if (!step.steps.empty()) {
      ConfigValue sections = ConfigValue::section();
      for (const StepSpec* inner : step.steps) {
        ConfigValue own = tree_of(*inner);
        if (!own.entries.empty()) sections.set(std::string(inner->name), std::move(own));
      }
      tree.set("steps", std::move(sections));
    }
    if (const auto path = file_of(step)) {
      merge(tree, tree_of_file(step, *path));
      loaded_.reference_files.push_back(path->string());
    }
    return tree;
  }

 private:
  /// Steps that stand within several others are asked for by each of them.
  const ConfigValue& tree_of_file(const StepSpec& step, const std::filesystem::path& path) {
    const auto known = trees_.find(path);
    if (known != trees_.end()) return known->second;
    ParameterFile file = read_parameter_file(path, ParameterOrigin::reference_database);
    include_step_files(file.tree, step, path);
    return trees_.emplace(path, std::move(file.tree)).first->second;
  }

  std::optional<std::filesystem::path> file_of(const StepSpec& step) {
    const Recommendation answer = request_.references->best(*request_.header, parameter_reference_type(step));
    if (answer.status != RecommendationStatus::file) return std::nullopt;
    std::filesystem::path path = request_.references->path_of(answer, *request_.header);
    if (is_present(path)) return path;
    loaded_.warnings.push_back(fmt::format("parameter reference {} is not in the CRDS cache: defaults are used for {}",
                                           answer.file_name, step.name.empty() ? step.class_name : step.name));
    return std::nullopt;
  }

  const ParameterRequest& request_;
  LoadedParameters& loaded_;
  std::map<std::filesystem::path, ConfigValue> trees_;
};

}  // namespace

LoadedParameters load_parameters(const ParameterRequest& request) {
  LoadedParameters loaded;
  const StepSpec* step = request.step;
  std::string name;
  std::optional<ParameterFile> file;
  if (request.file) {
    file = read_parameter_file(*request.file, ParameterOrigin::file);
    if (file->step == nullptr && request.class_line == ClassLine::required) {
      throw Error(ErrorCause::user_input, "the file does not say what it configures",
                  {.file = request.file->string(), .keyword = "class"}, "Add class = jwst.pipeline.Spec2Pipeline.");
    }
    if (file->step != nullptr) step = file->step;
    name = file->name;
    include_step_files(file->tree, *step, *request.file);
  }
  ConfigValue tree = ConfigValue::section();
  if (request.references != nullptr && request.header != nullptr) {
    merge(tree, ReferenceParameters(request, loaded).tree_of(*step));
  }
  if (file) merge(tree, file->tree);
  ConfigValue overrides = request.overrides;
  include_step_files(overrides, *step, request.file.value_or(std::filesystem::path()));
  merge(tree, overrides);
  loaded.set = ParameterSet::resolve(*step, tree, std::move(name));
  return loaded;
}

}  // namespace spec2::pipeline
