#include "pipeline/runner/resume.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/error.hpp"
#include "datamodels/io/file_system.hpp"
#include "pipeline/runner/output_place.hpp"
#include "pipeline/runner/step_hooks.hpp"
#include "pipeline/version.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;
using TextMap = std::map<std::string, std::string>;

RecordedFile input_of(const fs::path& file, const char* role) {
  return {recorded_path(file), role, file_state(file), {}};
}

void add_references(const ProductSetup& setup, ProductRecord& record) {
  std::set<std::string> seen;
  for (const PlannedStep& step : setup.planned) {
    const StepSpec* const spec = spec2_pipeline().find_step(step.name);
    if (!step.runs || !spec) continue;
    for (const std::string_view type : spec->reference_types) {
      const PlannedReference& chosen = setup.references->choose(step.name, type);
      // Overrides may differ from step to step.
      const auto [entry, is_new] = record.references.emplace(type, chosen.file);
      if (!is_new && entry->second != chosen.file) record.references.emplace(fmt::format("{}.{}", step.name, type), chosen.file);
      if (!chosen.present || chosen.file == "N/A") continue;
      const auto path = setup.references->path(step.name, type);
      if (path && seen.insert(*path).second) record.reference_files.push_back({*path, std::string(type), file_state(*path), {}});
    }
  }
}

/// "'a'"; what is not there has its default.
std::string quoted(const TextMap& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? "its default" : fmt::format("'{}'", found->second);
}

/// A difference of two maps in words; empty when there is none. Of several the one with the shortest name: steps within steps
/// follow the others.
std::string difference(const char* what, const TextMap& before, const TextMap& now) {
  TextMap all = before;
  all.insert(now.begin(), now.end());
  const std::string* first = nullptr;
  for (const auto& [key, unused] : all) {
    const auto a = before.find(key), b = now.find(key);
    if (a != before.end() && b != now.end() && a->second == b->second) continue;
    if (!first || key.size() < first->size()) first = &key;
  }
  if (!first) return {};
  return fmt::format("{} {} changed from {} to {}", what, *first, quoted(before, *first), quoted(now, *first));
}

std::string file_name(const RecordedFile& file) { return fs::path(file.path).filename().string(); }

/// Inputs may have moved together with their association: names count, not folders.
std::string input_difference(const ProductRecord& before, const ProductRecord& now) {
  const auto is_same = [](const RecordedFile& a, const RecordedFile& b) {
    return file_name(a) == file_name(b) && a.role == b.role;
  };
  if (!std::equal(before.inputs.begin(), before.inputs.end(), now.inputs.begin(), now.inputs.end(), is_same)) {
    return "the members of the product changed";
  }
  for (std::size_t i = 0; i < now.inputs.size(); ++i) {
    if (before.inputs[i].state.size != now.inputs[i].state.size) {
      return fmt::format("the size of the input {} changed", file_name(now.inputs[i]));
    }
  }
  return {};
}

std::string reference_difference(const ProductRecord& before, const ProductRecord& now) {
  std::string text = difference("reference", before.references, now.references);
  if (!text.empty()) return text;
  const auto is_same = [](const RecordedFile& a, const RecordedFile& b) { return a.path == b.path; };
  if (!std::equal(before.reference_files.begin(), before.reference_files.end(), now.reference_files.begin(),
                  now.reference_files.end(), is_same)) {
    return "references lie elsewhere";
  }
  for (std::size_t i = 0; i < now.reference_files.size(); ++i) {
    if (before.reference_files[i].state == now.reference_files[i].state) continue;
    return fmt::format("the reference {} changed", file_name(now.reference_files[i]));
  }
  return {};
}

/// Names of files whose bytes are not those of the record, or that are not there.
std::vector<std::string> changed_files(const std::vector<RecordedFile>& recorded, const std::vector<fs::path>& paths,
                                       const Parallel& parallel) {
  std::vector<std::string> names(recorded.size());
  parallel.for_each(recorded.size(), [&](std::size_t i) {
    try {
      const bool is_same = !recorded[i].checksum.empty() && file_state(paths[i]).size == recorded[i].state.size &&
                           file_checksum(paths[i]) == recorded[i].checksum;
      if (!is_same) names[i] = paths[i].filename().string();
    } catch (const Error&) {
      names[i] = paths[i].filename().string();
    }
  });
  std::erase(names, "");
  return names;
}

}  // namespace

ProductRecord record_of_setup(const ProductSetup& setup, const RunResources& resources) {
  ProductRecord record;
  record.name = setup.name;
  record.version = kVersion;
  record.started = time_text(std::chrono::system_clock::now());
  record.settings = {{"association", resources.association},
                     {"pool", resources.pool},
                     {"context", resources.context},
                     {"save_steps", resources.save_steps ? "true" : "false"}};
  for (const auto& [path, value] : setup.parameters.changed()) record.parameters.emplace(path, spec2::to_text(value));
  record.inputs.push_back(input_of(setup.science, "science"));
  for (const fs::path& file : setup.backgrounds) record.inputs.push_back(input_of(file, "background"));
  for (const fs::path& file : setup.selfcals) record.inputs.push_back(input_of(file, "selfcal"));
  add_references(setup, record);
  return record;
}

std::vector<RecordedFile> recorded_products(std::span<const WrittenFile> written, const fs::path& output_dir) {
  std::vector<RecordedFile> recorded;
  for (const WrittenFile& file : written) {
    const fs::path inside = file.path.lexically_proximate(output_dir);
    const bool is_outside = inside.empty() || *inside.begin() == "..";
    const std::string path = is_outside ? recorded_path(file.path) : inside.string();
    try {
      recorded.push_back({path, "", file_state(file.path), file.checksum});
    } catch (const Error&) {
      recorded.push_back({path, "", {}, {}});  // someone took it away
    }
  }
  return recorded;
}

void complete_record(ProductRecord& record, const ProductResult& result) {
  record.status = to_string(result.outcome);
  record.error = result.reason;
  record.exit_code =
      result.outcome == ProductOutcome::failed ? exit_code(result.cause.value_or(ErrorCause::internal)) : 0;
  record.seconds = result.seconds;
  record.steps = result.steps;
  record.version = kVersion;
  record.ended = time_text(std::chrono::system_clock::now());
  if (record.started.empty()) record.started = record.ended;
}

std::string reason_to_redo(const ProductRecord& recorded, const ProductRecord& now, const RunResources& resources) {
  if (recorded.status == "failed") return "it failed: " + recorded.error;
  if (recorded.status != "done") return "it was not done";
  if (recorded.version != now.version) return fmt::format("it was made by spec2 {}", recorded.version);
  std::string why = difference("setting", recorded.settings, now.settings);
  if (why.empty()) why = difference("parameter", recorded.parameters, now.parameters);
  if (why.empty()) why = input_difference(recorded, now);
  if (why.empty()) why = reference_difference(recorded, now);
  if (!why.empty()) return why;
  const auto products = changed_files(recorded.products, product_paths(recorded, resources.output_dir), resources.parallel);
  if (!products.empty()) return fmt::format("its file {} is missing or was changed", products.front());
  std::vector<fs::path> inputs;
  for (const RecordedFile& input : now.inputs) inputs.emplace_back(input.path);
  const auto changed = changed_files(recorded.inputs, inputs, resources.parallel);
  return changed.empty() ? std::string() : fmt::format("the input {} changed", changed.front());
}

std::vector<fs::path> product_paths(const ProductRecord& record, const fs::path& output_folder) {
  std::vector<fs::path> paths;
  for (const RecordedFile& file : record.products) paths.push_back(output_folder / file.path);
  return paths;
}

void remove_leftovers(const ProductSetup& setup, const RunResources& resources) {
  std::set<fs::path> folders;
  for (const PlannedStep& step : setup.planned) {
    folders.insert(output_place(setup.parameters.step(step.name), {resources.output_dir, setup.root}, setup.science).folder);
  }
  for (const fs::path& folder : folders) {
    io::remove_abandoned(folder);
    remove_abandoned_hook_inputs(folder);
  }
}

}  // namespace spec2::pipeline
