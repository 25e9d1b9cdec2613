#include "pipeline/runner/run_record.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "datamodels/io/file_system.hpp"
#include "pipeline/version.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
/// Of the time of a run that may go into writing the record.
constexpr int kShareOfTime = 20;

/// Others who add to the record wait. Without locks on this disk each file is whole still, but one of two runs that end at the
/// same moment may lose entries, which costs doing those products again.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder) : handle_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (handle_ >= 0) ::flock(handle_, LOCK_EX);
  }
  ~FolderLock() {
    if (handle_ >= 0) ::close(handle_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int handle_;
};

/// A new file has another inode or time of change.
std::string identity(const fs::path& file) {
  struct stat state {};
  if (::stat(file.c_str(), &state) != 0) return {};
  return fmt::format("{} {} {} {}", state.st_ino, state.st_size, state.st_mtim.tv_sec, state.st_mtim.tv_nsec);
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void check(int why, const char* action, const fs::path& file) {
  if (why == 0) return;
  throw Error(ErrorCause::system, fmt::format("cannot {}: {}", action, std::generic_category().message(why)),
              {.file = file.string()});
}

/// All or nothing under the name.
void replace_file(const fs::path& file, const std::string& text) {
  io::FileSystem& files = io::FileSystem::system();
  const fs::path temporary = io::temporary_name(file);
  int handle = -1;
  check(files.create(temporary, handle), "create the record of the run", file);
  try {
    int why = files.write(handle, std::as_bytes(std::span(text)), 0);
    if (why == 0) why = files.sync(handle);
    check(why, "write the record of the run", file);
    // Open until it has its name: an open file is locked, so that nobody takes it for abandoned.
    check(files.rename(temporary, file), "name the record of the run", file);
  } catch (...) {
    files.remove(temporary);
    files.close(handle);
    throw;
  }
  check(files.close(handle), "complete the record of the run", file);
}

}  // namespace

std::string time_text(std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time - seconds).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), milliseconds);
}

RunRecord::RunRecord(fs::path folder, std::vector<std::string> command, Log log)
    : folder_(std::move(folder)),
      command_(std::move(command)),
      log_(std::move(log)),
      started_(time_text(std::chrono::system_clock::now())) {
  read();
}

/// Products of the file that are not of this run.
void RunRecord::read() {
  const fs::path file = folder_ / kFileName;
  seen_ = identity(file);
  if (seen_.empty()) return;
  try {
    const Json tree = Json::parse(text_of(file));
    for (const Json& product : tree.at("products")) {
      const std::string name = product.at("name");
      if (std::find(own_.begin(), own_.end(), name) == own_.end()) products_.insert_or_assign(name, product.dump());
    }
  } catch (const nlohmann::json::exception& error) {
    log_.warning("{} cannot be read and is begun anew ({})", file.string(), error.what());
  }
}

std::optional<ProductRecord> RunRecord::find(std::string_view product) const {
  const auto found = products_.find(product);
  if (found == products_.end()) return std::nullopt;
  return product_record(found->second);
}

void RunRecord::put(const ProductRecord& product, std::size_t products_left) {
  if (!is_kept()) return;
  products_.insert_or_assign(product.name, to_json(product));
  if (std::find(own_.begin(), own_.end(), product.name) == own_.end()) own_.push_back(product.name);
  is_ended_ = products_left == 0;
  if (is_ended_ || Clock::now() - written_at_ >= kShareOfTime * write_took_) write(is_ended_);
}

void RunRecord::end() {
  if (!std::exchange(is_ended_, true)) write(true);
}

void RunRecord::write(bool is_end) {
  const auto begin = Clock::now();
  try {
    write_file(is_end);
  } catch (const Error& error) {
    log_.warning("{}: --resume would do these products again", error.what());
  }
  written_at_ = Clock::now();
  write_took_ = written_at_ - begin;
}

void RunRecord::write_file(bool is_end) {
  const fs::path file = folder_ / kFileName;
  const FolderLock lock(folder_);
  if (identity(file) != seen_) read();
  const std::string ended = is_end ? time_text(std::chrono::system_clock::now()) : std::string();
  const Json head{{"format", kFormat}, {"program", "spec2"}, {"version", kVersion}, {"started", started_}, {"ended", ended},
                  {"command", command_}};
  std::string text = head.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.back() = ',';  // the products follow; one a line
  text += "\n\"products\":[";
  const char* separator = "\n";
  for (const auto& [name, product] : products_) {
    text += separator;
    text += product;
    separator = ",\n";
  }
  text += "\n]}\n";
  replace_file(file, text);
  seen_ = identity(file);
}

}  // namespace spec2::pipeline
