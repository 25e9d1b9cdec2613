#include "pipeline/html/output_folder.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <map>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "pipeline/memory_report/trial_reading.hpp"

namespace spec2::pipeline::html {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::array<std::string_view, 6> kProductKinds = {"cal", "calints", "s2d", "s3d", "x1d", "x1dints"};
constexpr std::uintmax_t kLargestRecord = 256 << 20;

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::size_t bytes_of(const Json& object, const char* key, std::size_t otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::size_t>() : otherwise;
}

std::optional<double> real_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

StepUsage step_of(const Json& object, const std::string& product) {
  StepUsage step{.exposure = product, .step = text_of(object, "name"), .outcome = text_of(object, "outcome")};
  step.seconds = real_of(object, "seconds").value_or(0.0);
  step.live_before = bytes_of(object, "live_before", 0);
  step.live_peak = bytes_of(object, "live_peak", 0);
  step.live_after = bytes_of(object, "live_after", 0);
  step.resident_before = bytes_of(object, "resident_before", 0);
  step.resident_peak = bytes_of(object, "resident_peak", 0);
  step.resident_after = bytes_of(object, "resident_after", 0);
  step.estimate = bytes_of(object, "estimate", 0);
  step.budget = bytes_of(object, "budget", std::numeric_limits<std::size_t>::max());
  return step;
}

std::vector<std::pair<std::string, std::string>> pairs_of(const Json& object, const char* key) {
  std::vector<std::pair<std::string, std::string>> pairs;
  const Json list = object.value(key, Json::object());
  for (const auto& [name, value] : list.items()) {
    if (value.is_object()) {  // a file: a list has numbers for names
      pairs.emplace_back(value.value("role", "file"), text_of(value, "path"));
    } else {
      pairs.emplace_back(name, text_of(list, name.c_str()));
    }
  }
  return pairs;
}

FoundProduct product_of(const Json& object) {
  FoundProduct product{.name = text_of(object, "name"), .status = text_of(object, "status"), .reason = text_of(object, "error")};
  product.seconds = real_of(object, "seconds");
  product.inputs = pairs_of(object, "inputs");
  product.references = pairs_of(object, "references");
  product.parameters = pairs_of(object, "parameters");
  for (const Json& step : object.value("steps", Json::array())) {
    if (step.is_object()) product.steps.push_back(step_of(step, product.name));
  }
  return product;
}

std::string command_of(const Json& record) {
  std::string command;
  for (const Json& word : record.value("command", Json::array())) {
    if (!command.empty()) command += ' ';
    command += word.is_string() ? word.get<std::string>() : word.dump();
  }
  return command;
}

void read_record(const fs::path& path, OutputFolder& folder) {
  std::error_code code;
  const std::uintmax_t size = fs::file_size(path, code);
  if (code) return;
  try {
    if (size > kLargestRecord) throw Error(ErrorCause::data, "is larger than any record of a run");
    std::ifstream file(path, std::ios::binary);
    const Json root = Json::parse(file);
    folder.record = RunRecord{.version = text_of(root, "version"), .started = text_of(root, "started"),
                              .ended = text_of(root, "ended"), .command = command_of(root)};
    for (const Json& product : root.value("products", Json::array())) {
      if (product.is_object()) folder.products.push_back(product_of(product));
    }
  } catch (const std::exception& error) {
    folder.problems.push_back(fmt::format("{}: {}", path.filename().string(), error.what()));
  }
}

/// Splits "<name>_<kind>.fits" of the kinds of products; the kind is empty for others.
std::pair<std::string, std::string> split_name(const fs::path& path) {
  const std::string stem = path.stem().string();
  const std::size_t at = stem.rfind('_');
  if (at == std::string::npos) return {stem, {}};
  const std::string kind = stem.substr(at + 1);
  if (std::find(kProductKinds.begin(), kProductKinds.end(), kind) == kProductKinds.end()) return {stem, {}};
  return {stem.substr(0, at), kind};
}

FoundFile found_file(const fs::path& path, std::string kind) {
  std::error_code code;
  const std::uintmax_t size = fs::file_size(path, code);
  return {path, std::move(kind), code ? 0 : size};
}

/// Products first, then the results of steps, whose names begin with that of their product.
void assign_files(const std::vector<fs::path>& files, OutputFolder& folder) {
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < folder.products.size(); ++i) places.emplace(folder.products[i].name, i);
  std::vector<fs::path> others;
  for (const fs::path& path : files) {
    auto [name, kind] = split_name(path);
    if (kind.empty()) {
      others.push_back(path);
      continue;
    }
    const auto [place, is_new] = places.emplace(name, folder.products.size());
    if (is_new) folder.products.push_back({.name = name});
    folder.products[place->second].files.push_back(found_file(path, kind));
  }
  for (const fs::path& path : others) {
    const std::string stem = path.stem().string();
    for (std::size_t at = stem.rfind('_'); at != std::string::npos && at > 0; at = stem.rfind('_', at - 1)) {
      const auto place = places.find(stem.substr(0, at));
      if (place == places.end()) continue;
      folder.products[place->second].files.push_back(found_file(path, stem.substr(at + 1)));
      break;
    }
  }
}

/// The newest of the files that are memory reports.
fs::path newest_report(const std::vector<fs::path>& files) {
  fs::path newest;
  fs::file_time_type newest_time;
  for (const fs::path& path : files) {
    std::error_code code;
    const fs::file_time_type time = fs::last_write_time(path, code);
    if (code || (!newest.empty() && time <= newest_time) || !is_memory_report_on_trial(path)) continue;
    newest = path;
    newest_time = time;
  }
  return newest;
}

}  // namespace

OutputFolder read_output_folder(const fs::path& path) {
  std::error_code code;
  if (!fs::is_directory(path, code)) {
    throw Error(ErrorCause::user_input, "there is no such folder", {.file = path.string()}, "Give the --output-dir of a run");
  }
  OutputFolder folder{.path = path};
  std::vector<fs::path> fits, reports;
  for (fs::directory_iterator entry(path, code), end; !code && entry != end; entry.increment(code)) {
    std::error_code ignored;
    if (!entry->is_regular_file(ignored)) continue;
    const std::string ending = entry->path().extension().string();
    if (ending == ".fits") fits.push_back(entry->path());
    if (ending == ".h5" || ending == ".hdf5") reports.push_back(entry->path());
    if (ending == ".log") folder.logs.push_back(entry->path());
  }
  if (code) throw Error(ErrorCause::system, "the folder cannot be read: " + code.message(), {.file = path.string()});
  for (auto* const list : {&fits, &folder.logs, &reports}) std::sort(list->begin(), list->end());
  folder.memory_report = newest_report(reports);
  read_record(path / "spec2_run.json", folder);
  assign_files(fits, folder);
  return folder;
}

}  // namespace spec2::pipeline::html
