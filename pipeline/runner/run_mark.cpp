#include "pipeline/runner/run_mark.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "datamodels/io/file_system.hpp"
#include "pipeline/runner/run_record.hpp"
#include "pipeline/runner/step_hooks.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kRunName = "spec2_run_mark";
constexpr const char* kProductName = "spec2_product_mark";

Json to_tree(const MarkedWork& work) {
  return {{"products", work.products},
          {"started", work.started},
          {"task", work.task},
          {"host", work.process.host},
          {"numbering", work.process.numbering},
          {"process", work.process.process},
          {"start_ticks", work.process.start_ticks},
          {"machine", machine_tag()}};
}

MarkedWork work_of(const Json& tree, MarkedWork::Kind kind) {
  MarkedWork work;
  work.kind = kind;
  work.products = tree.at("products").get<std::vector<std::string>>();
  work.started = tree.at("started");
  work.task = tree.at("task");
  work.process = {tree.at("host"), tree.at("numbering"), tree.at("process"), tree.at("start_ticks")};
  return work;
}

/// The files of the folder that have the name of a mark.
template <class Take>
void for_each_mark(const fs::path& folder, const Take& take) {
  std::error_code code;
  std::vector<std::pair<fs::path, MarkedWork::Kind>> files;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".part")) continue;
    if (name.starts_with(std::string(".") + kRunName + ".")) files.emplace_back(entry.path(), MarkedWork::Kind::run);
    if (name.starts_with(std::string(".") + kProductName + ".")) files.emplace_back(entry.path(), MarkedWork::Kind::product);
  }
  for (const auto& [file, kind] : files) {
    std::ifstream stream(file, std::ios::binary);
    const Json tree = Json::parse(stream, nullptr, false);
    if (!tree.is_object()) continue;  // it ended, or is being written
    try {
      take(FoundMark{work_of(tree, kind), file}, tree.at("machine").get<std::string>());
    } catch (const nlohmann::json::exception&) {
      continue;  // of another version
    }
  }
}

}  // namespace

RunMark::RunMark(const fs::path& folder, MarkedWork::Kind kind, std::vector<std::string> products, std::string task)
    : file_(io::temporary_name(folder / (kind == MarkedWork::Kind::run ? kRunName : kProductName))) {
  const MarkedWork work{kind, std::move(products), time_text(std::chrono::system_clock::now()), std::move(task),
                        ProcessIdentity::own()};
  const std::string text = to_tree(work).dump(-1, ' ', false, Json::error_handler_t::replace);
  io::FileSystem& files = io::FileSystem::system();
  if (files.create(file_, handle_) != 0) {
    handle_ = -1;
    return;
  }
  files.write(handle_, std::as_bytes(std::span(text)), 0);
}

RunMark::~RunMark() {
  if (handle_ < 0) return;
  io::FileSystem& files = io::FileSystem::system();
  files.remove(file_);
  files.close(handle_);
}

std::vector<FoundMark> find_marks(const fs::path& folder) {
  std::vector<FoundMark> marks;
  for_each_mark(folder, [&](FoundMark mark, const std::string&) { marks.push_back(std::move(mark)); });
  return marks;
}

void remove_left_by_tasks(const fs::path& folder, std::span<const std::string> tasks) {
  for_each_mark(folder, [&](const FoundMark& mark, const std::string& machine) {
    if (mark.work.task.empty() || std::find(tasks.begin(), tasks.end(), mark.work.task) == tasks.end()) return;
    io::remove_left_by(folder, mark.work.process.process, machine);
    remove_hook_inputs(folder, mark.work.process.process, machine);
  });
}

}  // namespace spec2::pipeline
