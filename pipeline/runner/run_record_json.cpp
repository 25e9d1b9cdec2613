// What a product's record looks like as JSON; docs/running.md describes it for users.
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "pipeline/runner/run_record.hpp"

namespace spec2::pipeline {
namespace {

using Json = nlohmann::ordered_json;

Json to_tree(const std::vector<RecordedFile>& files) {
  Json list = Json::array();
  for (const RecordedFile& file : files) {
    Json entry{{"path", file.path}, {"size", file.state.size}, {"modified_ns", file.state.modified_ns}};
    if (!file.role.empty()) entry["role"] = file.role;
    if (!file.checksum.empty()) entry["checksum"] = file.checksum;
    list.push_back(std::move(entry));
  }
  return list;
}

std::vector<RecordedFile> files_of(const Json& list) {
  std::vector<RecordedFile> files;
  for (const Json& entry : list) {
    files.push_back({entry.at("path"), entry.value("role", ""), {entry.at("size"), entry.at("modified_ns")},
                     entry.value("checksum", "")});
  }
  return files;
}

/// What a step took in bytes, under the names of its record.
struct NamedBytes {
  const char* name;
  std::size_t StepUsage::* bytes;
};
constexpr NamedBytes kStepBytes[] = {{"live_before", &StepUsage::live_before},
                                     {"live_peak", &StepUsage::live_peak},
                                     {"live_after", &StepUsage::live_after},
                                     {"resident_before", &StepUsage::resident_before},
                                     {"resident_peak", &StepUsage::resident_peak},
                                     {"resident_after", &StepUsage::resident_after},
                                     {"estimate", &StepUsage::estimate},
                                     {"budget", &StepUsage::budget}};

Json to_tree(const StepUsage& step) {
  Json tree{{"name", step.step}, {"outcome", step.outcome}, {"seconds", step.seconds}};
  for (const NamedBytes& each : kStepBytes) tree[each.name] = step.*each.bytes;
  return tree;
}

StepUsage step_of(const Json& entry, const std::string& product) {
  StepUsage step;
  step.exposure = product;
  step.step = entry.at("name");
  step.outcome = entry.at("outcome");
  step.seconds = entry.at("seconds");
  for (const NamedBytes& each : kStepBytes) step.*each.bytes = entry.at(each.name);
  return step;
}

}  // namespace

std::string to_json(const ProductRecord& record) {
  Json names = Json::array(), steps = Json::array();
  for (const RecordedFile& file : record.products) names.push_back(file.path);
  for (const StepUsage& step : record.steps) steps.push_back(to_tree(step));
  const Json tree{{"name", record.name},
                  {"status", record.status},
                  {"error", record.error},
                  {"exit_code", record.exit_code},
                  {"task", record.task},
                  {"version", record.version},
                  {"started", record.started},
                  {"ended", record.ended},
                  {"seconds", record.seconds},
                  {"settings", record.settings},
                  {"parameters", record.parameters},
                  {"inputs", to_tree(record.inputs)},
                  {"references", record.references},
                  {"reference_files", to_tree(record.reference_files)},
                  {"products", std::move(names)},
                  {"product_files", to_tree(record.products)},
                  {"steps", std::move(steps)}};
  // Names of files need not be UTF-8.
  return tree.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ProductRecord product_record(std::string_view json) {
  try {
    const Json tree = Json::parse(json);
    ProductRecord record;
    record.name = tree.at("name");
    record.status = tree.at("status");
    record.error = tree.at("error");
    record.exit_code = tree.value("exit_code", 0);
    record.task = tree.value("task", "");
    record.version = tree.at("version");
    record.started = tree.at("started");
    record.ended = tree.at("ended");
    record.seconds = tree.at("seconds");
    record.settings = tree.at("settings").get<std::map<std::string, std::string>>();
    record.parameters = tree.at("parameters").get<std::map<std::string, std::string>>();
    record.inputs = files_of(tree.at("inputs"));
    record.references = tree.at("references").get<std::map<std::string, std::string>>();
    record.reference_files = files_of(tree.at("reference_files"));
    record.products = files_of(tree.at("product_files"));
    for (const Json& step : tree.at("steps")) record.steps.push_back(step_of(step, record.name));
    return record;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCause::data, fmt::format("this is no record of a product: {}", error.what()));
  }
}

}  // namespace spec2::pipeline
