#include "pipeline/batch/batch.hpp"

#include <algorithm>
#include <bit>
#include <regex>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/batch/quoting.hpp"

namespace spec2::pipeline::batch {
namespace {

constexpr std::size_t kMostTasks = 1000;
constexpr std::size_t kMiB = std::size_t{1} << 20;

std::size_t size_class(std::size_t mib) { return static_cast<std::size_t>(std::bit_width(mib)); }

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

void check_name(std::string_view text, const char* option, std::vector<std::string>& problems) {
  static const std::regex kName("[A-Za-z0-9_.,-]*");
  if (!std::regex_match(text.begin(), text.end(), kName) || text.starts_with('-')) {
    problems.push_back(fmt::format("{} '{}' is no name", option, text));
  }
}

void check_slurm(const BatchRequest& request, std::vector<std::string>& problems) {
  static const std::regex kTime("[0-9]+(-[0-9]+)?(:[0-9]{1,2}){0,2}");
  if (!request.time.empty() && !std::regex_match(request.time, kTime)) {
    problems.push_back(fmt::format("--time '{}' is none as Slurm has them: 30, 2:00:00, 1-12", request.time));
  }
  static const std::regex kTaken("--(array|dependency|wrap|parsable|chdir|mem|job-name|output|test-only)(=.*)?");
  for (const std::string& option : request.options) {
    const bool is_option = option.starts_with("--");
    if (!is_option) problems.push_back(fmt::format("--option '{}' does not begin with --, as in --qos=long", option));
    if (is_option && std::regex_match(option, kTaken)) problems.push_back(fmt::format("--option '{}' is set by spec2", option));
  }
}

void check_condor(const BatchRequest& request, std::vector<std::string>& problems) {
  if (!request.partition.empty()) problems.emplace_back("--partition is for Slurm; HTCondor has requirements (--option)");
  if (!request.time.empty()) problems.emplace_back("--time is for Slurm; give --option 'allowed_execute_duration = seconds'");
  static const std::regex kLine("\\s*[+]?[A-Za-z_][A-Za-z0-9_.]*\\s*=.*[^\\\\]");
  static const std::regex kTaken("\\s*(executable|arguments|queue|request_memory|initialdir|log)\\s*=.*", std::regex::icase);
  for (const std::string& option : request.options) {
    if (!std::regex_match(option, kLine)) problems.push_back(fmt::format("--option '{}' is no line 'name = value'", option));
    else if (std::regex_match(option, kTaken)) problems.push_back(fmt::format("--option '{}' is set by spec2", option));
  }
}

}  // namespace

std::string_view to_string(Engine engine) noexcept { return engine == Engine::slurm ? "slurm" : "htcondor"; }

Engine engine_of(std::string_view name) {
  for (const Engine engine : {Engine::slurm, Engine::htcondor}) {
    if (name == to_string(engine)) return engine;
  }
  throw Error(ErrorCause::user_input, fmt::format("there is no engine '{}'", name), {.keyword = "--engine"},
              "Give slurm or htcondor");
}

void validate(const BatchRequest& request) {
  std::vector<std::string> problems;
  check_name(request.partition, "--partition", problems);
  check_name(request.account, "--account", problems);
  for (const std::string& option : request.options) {
    if (has_control(option)) problems.push_back(fmt::format("--option '{}' has a control character", option));
  }
  if (problems.empty() && request.engine == Engine::slurm) check_slurm(request, problems);
  if (problems.empty() && request.engine == Engine::htcondor) check_condor(request, problems);
  if (!problems.empty()) throw Error(ErrorCause::user_input, fmt::format("{}", fmt::join(problems, "; ")));
}

std::size_t asked_mib(std::size_t peak_bytes, std::size_t threads) {
  const std::size_t data = (peak_bytes + kMiB - 1) / kMiB;
  return data + std::min(data / 4, kKeptBlocksMib) + kProgramMib + kThreadMib * threads;
}

std::size_t data_mib(std::size_t asked_mib, std::size_t threads) {
  const std::size_t program = kProgramMib + kThreadMib * threads;
  if (asked_mib <= program) return 1;
  const std::size_t data_and_kept = asked_mib - program;
  if (data_and_kept >= 5 * kKeptBlocksMib) return data_and_kept - kKeptBlocksMib;
  return std::max<std::size_t>(1, (4 * data_and_kept + 4) / 5);
}

std::vector<Task> divide(std::span<const PredictedProduct> products, std::size_t chunk, std::size_t threads) {
  if (chunk == 0) chunk = std::max<std::size_t>(1, (products.size() + kMostTasks - 1) / kMostTasks);
  std::size_t largest = 0;
  for (const PredictedProduct& product : products) largest = std::max(largest, product.peak_bytes);
  std::vector<std::pair<std::size_t, const std::string*>> needs;
  for (const PredictedProduct& product : products) {
    needs.emplace_back(asked_mib(product.peak_bytes == 0 ? largest : product.peak_bytes, threads), &product.name);
  }
  std::stable_sort(needs.begin(), needs.end(),
                   [](const auto& a, const auto& b) { return size_class(a.first) < size_class(b.first); });
  std::vector<Task> tasks;
  for (const auto& [need, name] : needs) {
    const bool fits =
        !tasks.empty() && tasks.back().products.size() < chunk && size_class(tasks.back().memory_mib) == size_class(need);
    Task& task = fits ? tasks.back() : tasks.emplace_back();
    task.products.push_back(*name);
    task.memory_mib = std::max(task.memory_mib, need);
  }
  return tasks;
}

std::vector<TaskArray> arrays_of(std::span<const Task> tasks) {
  std::vector<TaskArray> arrays;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const bool fits = !arrays.empty() && arrays.back().count < kMostTasks &&
                      size_class(arrays.back().memory_mib) == size_class(tasks[i].memory_mib);
    if (!fits) arrays.push_back({.first = i + 1});
    ++arrays.back().count;
    arrays.back().memory_mib = std::max(arrays.back().memory_mib, tasks[i].memory_mib);
  }
  return arrays;
}

std::string Batch::label(std::size_t attempt, std::size_t task) const { return fmt::format("{}/{}/{}", number, attempt, task); }

std::string Batch::job_name() const {
  std::string name = "spec2_" + association.stem().string();
  for (char& c : name) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    if (!is_plain) c = '_';
  }
  return name;
}

std::vector<std::string> Batch::words_of(const Task& task, const std::vector<std::string>& products,
                                         const std::string& label) const {
  std::vector<std::string> words = {"run",      association.string(), "--output-dir=" + output_dir.string(),
                                    "--resume", "--workers=1",        "--batch-task=" + label};
  words.insert(words.end(), run_words.begin(), run_words.end());
  const std::size_t foreseen = data_mib(task.memory_mib, threads) * kMiB;
  words.push_back(fmt::format("--memory={}", own_limit == 0 ? foreseen : std::min(own_limit, foreseen)));
  for (const std::string& product : products) words.push_back("--product=" + product);
  return words;
}

}  // namespace spec2::pipeline::batch
