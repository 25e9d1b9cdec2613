#include "pipeline/runner/step_hooks.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "core/error.hpp"
#include "core/process_identity.hpp"
#include "datamodels/io/file_system.hpp"
#include "datamodels/io/write_product.hpp"
#include "pipeline/config/hooks.hpp"
#include "pipeline/version.hpp"

namespace spec2::pipeline {
namespace {

std::string hook_ending(long process, const std::string& machine) { return fmt::format("_hook_{}-{}.fits", process, machine); }

/// The exposure under a name of its own, for as long as a command may read it.
class HookInput {
 public:
  HookInput(const Exposure& exposure, const std::filesystem::path& folder, const std::string& name)
      : path_(folder / (name + hook_ending(::getpid(), machine_tag()))) {
    io::write_product(exposure, path_, {fmt::format("spec2 {}", kVersion)}).commit();
    handle_ = io::lock_file(path_);
  }
  ~HookInput() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    if (handle_ >= 0) ::close(handle_);
  }
  HookInput(const HookInput&) = delete;
  HookInput& operator=(const HookInput&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int handle_ = -1;  ///< held, so that others see that we live
};

/// A word of the shell that stands for itself.
std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char letter : text) word += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return word += '\'';
}

std::string with_input(std::string command, const Exposure& exposure, const std::filesystem::path& folder,
                       const std::string& name, std::optional<HookInput>& input) {
  for (std::size_t at = command.find("{0}"); at != std::string::npos; at = command.find("{0}", at)) {
    if (!input) input.emplace(exposure, folder, name);
    const std::string file = quoted(input->path().string());
    command.replace(at, 3, file);
    at += file.size();
  }
  return command;
}

void check_step(const StepParameters& parameters, const std::string& step, bool commands_allowed) {
  for (const char* const when : {"pre_hooks", "post_hooks"}) {
    for (const std::string& text : parameters.optional_list(when).value_or(std::vector<std::string>{})) {
      const std::string keyword = step.empty() ? when : fmt::format("{}.{}", step, when);
      if (step.empty()) {
        throw Error(ErrorCause::user_input, fmt::format("the hook '{}' stands at the pipeline", text), {.keyword = keyword},
                    "Hooks run before or after a step: put it there");
      }
      if (parse_hook(text).kind == Hook::Kind::python) {
        throw Error(ErrorCause::user_input, fmt::format("the hook '{}' is Python, and there is no interpreter here", text),
                    {.keyword = keyword}, "Make it a command that takes the name of a file, {0}, or take it out");
      }
      if (!commands_allowed) {
        throw Error(ErrorCause::user_input, fmt::format("the hook '{}' would run a command", text), {.keyword = keyword},
                    "Give --allow-hooks if you trust it, or take it out");
      }
    }
  }
}

}  // namespace

void check_hooks(const ParameterSet& parameters, bool commands_allowed) {
  check_step(parameters.pipeline(), "", commands_allowed);
  for (const StepSpec* const step : parameters.spec().steps) {
    check_step(parameters.step(step->name), std::string(step->name), commands_allowed);
  }
}

void run_hooks(const std::vector<std::string>& commands, const Exposure& exposure, const std::filesystem::path& folder,
               const std::string& name, const Log& log) {
  std::optional<HookInput> input;
  for (const std::string& text : commands) {
    const std::string command = with_input(text, exposure, folder, name, input);
    log.info("hook: {}", command);
    const int status = std::system(command.c_str());
    if (status == 0) continue;
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (code > 128) {
      // Killed with the run, or by a system without memory: nothing is wrong with the hook.
      throw Error(ErrorCause::system, fmt::format("the hook '{}' was ended by signal {}", text, code - 128), {},
                  "Run again, with more memory if that was lacking");
    }
    throw Error(ErrorCause::user_input, fmt::format("the hook '{}' ended with code {}", text, code), {}, "See what it printed");
  }
}

void remove_abandoned_hook_inputs(const std::filesystem::path& folder) {
  const std::string ending = "-" + machine_tag() + ".fits";
  std::error_code ignored;
  std::vector<std::filesystem::path> inputs;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(ending) && name.find("_hook_") != std::string::npos) inputs.push_back(entry.path());
  }
  for (const auto& input : inputs) io::remove_unlocked(input);
}

void remove_hook_inputs(const std::filesystem::path& folder, long process, const std::string& machine) {
  std::error_code ignored;
  std::vector<std::filesystem::path> inputs;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().string().ends_with(hook_ending(process, machine))) inputs.push_back(entry.path());
  }
  for (const auto& input : inputs) std::filesystem::remove(input, ignored);
}

}  // namespace spec2::pipeline
