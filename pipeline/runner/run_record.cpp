#include "pipeline/runner/run_record.hpp"

#include <algorithm>
#include <functional>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "datamodels/io/file_system.hpp"
#include "pipeline/runner/folder_lock.hpp"
#include "pipeline/version.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
/// Of the time of a run that may go into writing the record.
constexpr int kShareOfTime = 20;

constexpr std::string_view kBegin = "\"products\":[", kEnd = "]}";

/// What the line of a product begins with.
std::string beginning(const std::string& product) {
  return fmt::format("{{\"name\":{},", Json(product).dump(-1, ' ', false, Json::error_handler_t::replace));
}

/// Calls `take` with every product, which is a line of the file, and its place; false when the file is not whole or has another
/// form.
bool for_each_line(std::istream& file, const std::function<void(std::string_view line, std::streamoff start)>& take) {
  std::string line;
  std::streamoff start = 0;
  std::size_t number = 0;
  while (std::getline(file, line)) {
    std::string_view text = line;
    if (number == 1 && text != kBegin) return false;
    if (number > 1 && text == kEnd) return true;
    if (number > 1) {
      if (text.ends_with(',')) text.remove_suffix(1);
      if (!text.starts_with("{\"name\":\"") || !text.ends_with('}')) return false;
      take(text, start);
    }
    start += static_cast<std::streamoff>(line.size()) + 1;
    ++number;
  }
  return false;
}

void check(int why, const char* action, const fs::path& file) {
  if (why == 0) return;
  throw Error(ErrorCause::system, fmt::format("cannot {}: {}", action, std::generic_category().message(why)),
              {.file = file.string()});
}

/// A file that gets its name when it is whole.
class Replacement {
 public:
  explicit Replacement(fs::path file) : path_(std::move(file)), temporary_(io::temporary_name(path_)) {
    check(files_.create(temporary_, handle_), "create the record of the run", path_);
  }
  ~Replacement() {
    if (!is_named_) files_.remove(temporary_);
    files_.close(handle_);
  }
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  void add(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= kBufferBytes) flush();
  }
  void add_product(std::string_view json) {
    add(is_first_ ? "\n" : ",\n");
    add(json);
    is_first_ = false;
  }
  /// It stays open until it has its name: an open file is locked, so that nobody takes it for abandoned.
  void commit() {
    flush();
    check(files_.sync(handle_), "write the record of the run", path_);
    check(files_.rename(temporary_, path_), "name the record of the run", path_);
    is_named_ = true;
  }

 private:
  static constexpr std::size_t kBufferBytes = std::size_t{256} << 10;
  void flush() {
    check(files_.write(handle_, std::as_bytes(std::span(buffer_)), written_), "write the record of the run", path_);
    written_ += buffer_.size();
    buffer_.clear();
  }

  io::FileSystem& files_ = io::FileSystem::system();
  fs::path path_;
  fs::path temporary_;
  std::string buffer_;
  std::uint64_t written_ = 0;
  int handle_ = -1;
  bool is_first_ = true;
  bool is_named_ = false;
};

/// A record that another program wrote in another form: its products, a line each.
std::vector<std::string> products_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const Json tree = Json::parse(stream);
  std::vector<std::string> lines;
  for (const Json& product : tree.at("products")) {
    // The name comes first, by which the line is found.
    Json line{{"name", product.at("name").get<std::string>()}};
    line.update(product);
    lines.push_back(line.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  return lines;
}

}  // namespace

std::string recorded_path(const fs::path& file) { return fs::absolute(file).lexically_normal().string(); }

void for_each_product(const fs::path& folder, const std::function<void(const ProductRecord&)>& take) {
  const fs::path file = folder / RunRecord::kFileName;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return;
  // Looked at twice rather than held: a record of thousands is larger than what a task of a batch may take.
  if (for_each_line(stream, [](std::string_view, std::streamoff) {})) {
    stream.clear();
    stream.seekg(0);
    for_each_line(stream, [&](std::string_view line, std::streamoff) { take(product_record(line)); });
    return;
  }
  try {
    for (const std::string& line : products_of(file)) take(product_record(line));
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCause::data, fmt::format("this is no record of a run: {}", error.what()), {.file = file.string()});
  }
}

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
  look_up();
}

void RunRecord::look_up() {
  const fs::path file = folder_ / kFileName;
  FolderLock::remove_abandoned(folder_);
  earlier_.open(file, std::ios::binary);
  if (!earlier_) return;
  const auto note = [&](std::string_view line, std::streamoff start) {
    // Only the name is looked at; the rest when the product is asked for.
    const std::size_t end = line.find("\",", 9);
    const Json name = Json::parse(line.substr(8, end == std::string_view::npos ? end : end - 7), nullptr, false);
    if (name.is_string()) places_.insert_or_assign(name.get<std::string>(), Place{start, line.size()});
  };
  if (for_each_line(earlier_, note)) return;
  places_.clear();
  try {
    for (std::string& line : products_of(file)) pending_.insert_or_assign(Json::parse(line).at("name"), line);
    write(false);
    earlier_ = std::ifstream(file, std::ios::binary);
    for_each_line(earlier_, note);
  } catch (const nlohmann::json::exception& error) {
    log_.warning("{} cannot be read and is begun anew ({})", file.string(), error.what());
  }
}

std::optional<ProductRecord> RunRecord::find(std::string_view product) const {
  const auto found = places_.find(product);
  if (found == places_.end()) return std::nullopt;
  std::string line(found->second.length, '\0');
  earlier_.clear();
  earlier_.seekg(found->second.start);
  earlier_.read(line.data(), static_cast<std::streamsize>(line.size()));
  return product_record(line);
}

void RunRecord::put(const ProductRecord& product, std::size_t products_left) {
  pending_.insert_or_assign(product.name, to_json(product));
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
    pending_.clear();
  } catch (const Error& error) {
    log_.warning("{}: --resume would do these products again", error.what());
  }
  written_at_ = Clock::now();
  write_took_ = written_at_ - begin;
}

/// Copies what the file has of other products, and adds those of this run.
void RunRecord::write_file(bool is_end) {
  const FolderLock lock(folder_);
  const std::string ended = is_end ? time_text(std::chrono::system_clock::now()) : std::string();
  const Json head{{"format", kFormat}, {"program", "spec2"}, {"version", kVersion}, {"started", started_}, {"ended", ended},
                  {"command", command_}};
  std::string text = head.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.back() = ',';
  std::vector<std::string> replaced;
  for (const auto& [name, json] : pending_) replaced.push_back(beginning(name));
  const auto write = [&](bool with_others) {
    Replacement file(folder_ / kFileName);
    file.add(text);
    file.add("\n");
    file.add(kBegin);
    std::ifstream before;
    if (with_others) before.open(folder_ / kFileName, std::ios::binary);
    const bool is_whole = !before.is_open() || for_each_line(before, [&](std::string_view line, std::streamoff) {
      const auto is_newer = [&](const std::string& start) { return line.starts_with(start); };
      if (std::none_of(replaced.begin(), replaced.end(), is_newer)) file.add_product(line);
    });
    if (!is_whole) return false;
    for (const auto& [name, json] : pending_) file.add_product(json);
    file.add("\n");
    file.add(kEnd);
    file.add("\n");
    file.commit();
    return true;
  };
  // What cannot be read was told when the run began.
  if (!write(true)) write(false);
}

}  // namespace spec2::pipeline
