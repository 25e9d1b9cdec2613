#include "pipeline/runner/step_hooks.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "core/error.hpp"
#include "datamodels/io/write_product.hpp"
#include "pipeline/config/hooks.hpp"
#include "pipeline/version.hpp"

namespace spec2::pipeline {
namespace {

std::string hook_ending(int process) { return fmt::format("_hook_{}.fits", process); }

/// The exposure under a name of its own, for as long as a command may read it.
class HookInput {
 public:
  HookInput(const Exposure& exposure, const std::filesystem::path& folder, const std::string& name)
      : path_(folder / (name + hook_ending(::getpid()))) {
    io::write_product(exposure, path_, {fmt::format("spec2 {}", kVersion)}).commit();
  }
  ~HookInput() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  HookInput(const HookInput&) = delete;
  HookInput& operator=(const HookInput&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
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

void remove_hook_inputs(const std::filesystem::path& folder, int process) {
  std::error_code ignored;
  std::vector<std::filesystem::path> inputs;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().string().ends_with(hook_ending(process))) inputs.push_back(entry.path());
  }
  for (const auto& input : inputs) std::filesystem::remove(input, ignored);
}

}  // namespace spec2::pipeline
