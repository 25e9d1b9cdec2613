#include "pipeline/batch/batch_files.hpp"

#include <algorithm>
#include <fstream>
#include <span>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "datamodels/io/file_system.hpp"

namespace spec2::pipeline::batch {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr const char* kBatchFile = "batch.json";
constexpr const char* kGatheredFile = "gathered.json";

fs::path folder_of(const Batch& batch) { return batch_folder(batch.output_dir, batch.number); }

fs::path attempt_file(const Batch& batch, std::size_t number) {
  return folder_of(batch) / fmt::format("attempt_{}.json", number);
}

/// Names that are not UTF-8 cannot be written as JSON: better refused than changed.
std::string text_of(const Json& tree) {
  try {
    return tree.dump(1) + "\n";
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorCause::user_input, "a name or an option of the batch is no UTF-8", {}, "Rename the file or folder");
  }
}

Json read_json(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw Error(ErrorCause::user_input, "this is no folder of a batch, or an attempt is missing", {.file = file.string()},
                "Give the folder spec2_batch/<number> of an output folder");
  }
  try {
    return Json::parse(stream);
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCause::data, fmt::format("the file of the batch is damaged: {}", error.what()), {.file = file.string()});
  }
}

Json to_tree(const BatchRequest& request) {
  return {{"engine", to_string(request.engine)},
          {"chunk", request.chunk},
          {"max_parallel", request.max_parallel},
          {"retries", request.retries},
          {"partition", request.partition},
          {"account", request.account},
          {"time", request.time},
          {"options", request.options}};
}

BatchRequest request_of(const Json& tree) {
  return {.engine = engine_of(tree.at("engine").get<std::string>()),
          .chunk = tree.at("chunk"),
          .max_parallel = tree.at("max_parallel"),
          .retries = tree.at("retries"),
          .partition = tree.at("partition"),
          .account = tree.at("account"),
          .time = tree.at("time"),
          .options = tree.at("options").get<std::vector<std::string>>()};
}

/// Reads with `read`; a tree without an entry is a damaged file.
template <class Read>
auto checked(const fs::path& file, const Read& read) {
  const Json tree = read_json(file);
  try {
    return read(tree);
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCause::data, fmt::format("the file of the batch is damaged: {}", error.what()), {.file = file.string()});
  }
}

void check(int why, const char* action, const fs::path& file) {
  if (why == 0) return;
  throw Error(ErrorCause::system, fmt::format("cannot {}: {}", action, std::generic_category().message(why)),
              {.file = file.string()}, "Check the folder, its permissions and the free space of the disk");
}

}  // namespace

fs::path batch_folder(const fs::path& output_dir, std::size_t number) {
  return output_dir / kBatchesFolder / std::to_string(number);
}

std::size_t make_batch_folder(const fs::path& output_dir) {
  const auto numbers = batch_numbers(output_dir);
  std::error_code code;
  fs::create_directories(output_dir / kBatchesFolder, code);
  for (std::size_t number = numbers.empty() ? 1 : numbers.back() + 1; !code; ++number) {
    // Made by us, or another submit was faster.
    if (!fs::create_directory(batch_folder(output_dir, number), code)) continue;
    fs::create_directory(batch_folder(output_dir, number) / "logs", code);
    if (!code) return number;
  }
  throw Error(ErrorCause::system, "the folder of the batch cannot be made: " + code.message(),
              {.file = (output_dir / kBatchesFolder).string()}, "Choose another folder with --output-dir");
}

std::vector<std::size_t> batch_numbers(const fs::path& output_dir) {
  std::vector<std::size_t> numbers;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(output_dir / kBatchesFolder, code)) {
    const std::string name = entry.path().filename().string();
    const bool is_number = name.size() < 10 && name.find_first_not_of("0123456789") == std::string::npos;
    if (is_number) numbers.push_back(std::stoul(name));
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

void write_whole_file(const fs::path& file, const std::string& text) {
  io::FileSystem& files = io::FileSystem::system();
  const fs::path temporary = io::temporary_name(file);
  int handle = -1;
  check(files.create(temporary, handle), "create the file", file);
  int why = files.write(handle, std::as_bytes(std::span(text)), 0);
  if (why == 0) why = files.sync(handle);
  if (why == 0) why = files.rename(temporary, file);
  if (why != 0) files.remove(temporary);
  files.close(handle);
  check(why, "write the file", file);
}

void write_batch(const Batch& batch) {
  const Json tree{{"format", kFormat},
                  {"number", batch.number},
                  {"created", batch.created},
                  {"association", batch.association.string()},
                  {"output_dir", batch.output_dir.string()},
                  {"working_dir", batch.working_dir.string()},
                  {"program", batch.program.string()},
                  {"run_words", batch.run_words},
                  {"threads", batch.threads},
                  {"own_limit", batch.own_limit},
                  {"request", to_tree(batch.request)}};
  write_whole_file(folder_of(batch) / kBatchFile, text_of(tree));
}

void write_attempt(const Batch& batch, const Attempt& attempt) {
  Json tasks = Json::array(), arrays = Json::array();
  for (const Task& task : attempt.tasks) tasks.push_back({{"memory_mib", task.memory_mib}, {"products", task.products}});
  for (const TaskArray& array : attempt.arrays) {
    arrays.push_back({{"first", array.first}, {"count", array.count}, {"memory_mib", array.memory_mib}, {"job", array.job}});
  }
  const Json tree{{"number", attempt.number}, {"gather_job", attempt.gather_job}, {"arrays", arrays}, {"tasks", tasks}};
  write_whole_file(attempt_file(batch, attempt.number), text_of(tree));
}

Batch read_batch(const fs::path& folder) {
  return checked(folder / kBatchFile, [&](const Json& tree) {
    Batch batch;
    batch.number = tree.at("number");
    batch.created = tree.at("created");
    batch.association = tree.at("association").get<std::string>();
    // Where it is now: an output folder may have been moved.
    batch.output_dir = fs::absolute(folder).lexically_normal();
    if (!batch.output_dir.has_filename()) batch.output_dir = batch.output_dir.parent_path();
    batch.output_dir = batch.output_dir.parent_path().parent_path();
    batch.working_dir = tree.at("working_dir").get<std::string>();
    batch.program = tree.at("program").get<std::string>();
    batch.run_words = tree.at("run_words").get<std::vector<std::string>>();
    batch.threads = tree.at("threads");
    batch.own_limit = tree.at("own_limit");
    batch.request = request_of(tree.at("request"));
    return batch;
  });
}

Attempt read_attempt(const Batch& batch, std::size_t number) {
  return checked(attempt_file(batch, number), [&](const Json& tree) {
    Attempt attempt;
    attempt.number = tree.at("number");
    attempt.gather_job = tree.at("gather_job");
    for (const Json& task : tree.at("tasks")) {
      attempt.tasks.push_back({task.at("products").get<std::vector<std::string>>(), task.at("memory_mib")});
    }
    for (const Json& array : tree.at("arrays")) {
      attempt.arrays.push_back({array.at("first"), array.at("count"), array.at("memory_mib"), array.at("job")});
    }
    return attempt;
  });
}

bool has_attempt(const Batch& batch, std::size_t number) {
  std::error_code ignored;
  return fs::exists(attempt_file(batch, number), ignored);
}

Attempt last_attempt(const Batch& batch) {
  std::size_t number = 0;
  while (has_attempt(batch, number + 1)) ++number;
  return read_attempt(batch, number);
}

bool is_gathered(const Batch& batch) {
  std::error_code ignored;
  return fs::exists(folder_of(batch) / kGatheredFile, ignored);
}

void mark_gathered(const Batch& batch, const std::string& summary) {
  write_whole_file(folder_of(batch) / kGatheredFile, summary);
}

}  // namespace spec2::pipeline::batch
