// What the jobs of a batch run: one task, and the look at what came of all.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/batch/batch_files.hpp"
#include "pipeline/batch/gather.hpp"
#include "pipeline/batch/quoting.hpp"
#include "pipeline/batch/task.hpp"
#include "pipeline/cli/command.hpp"
#include "pipeline/cli/command_line.hpp"
#include "pipeline/report/console.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path folder;
  std::size_t attempt = 0;
  std::size_t task = 1;
};

/// As the user would type it: `spec2 run` with the products of the task.
int run_task(const Options& options, const CancelToken& cancel) {
  const batch::Batch batch = batch::read_batch(options.folder);
  const batch::Attempt attempt = batch::read_attempt(batch, options.attempt);
  const batch::Task& task = batch::task_of(attempt, options.task);
  const std::vector<std::string> products = batch::products_to_make(batch, attempt, options.task);
  int code = 0;
  if (!products.empty()) {
    std::vector<std::string> words = batch.words_of(task, products, batch.label(options.attempt, options.task));
    words.insert(words.begin(), batch.program.string());
    print(batch::shell_command(words) + "\n");
    std::fflush(stdout);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    code = run_command_line(static_cast<int>(words.size()), arguments.data(), cancel);
  }
  const int settled = batch::settle_task(batch, attempt, options.task, code);
  // Stopped by a signal: the system shall see that.
  return cancel.signal() != 0 ? 128 + cancel.signal() : settled;
}

int gather(const Options& options) {
  const batch::Batch batch = batch::read_batch(options.folder);
  Console console({.level = LogLevel::info, .progress = false});
  const batch::GatherReport report = batch::gather(batch, options.attempt, Log(console, ""));
  print(report.text);
  return report.exit_code;
}

void add_folder_and_attempt(CLI::App& command, Options& options) {
  command.add_option("batch", options.folder, "folder of the batch: spec2_batch/<number> in the output folder")->required();
  command.add_option("--attempt", options.attempt, "number of the attempt, from 0")->capture_default_str();
}

}  // namespace

void add_task_command(CLI::App& program, Action& chosen) {
  CLI::App* const command = program.add_subcommand("task", "one task of a batch; the jobs of spec2 submit run it");
  const auto options = std::make_shared<Options>();
  add_folder_and_attempt(*command, *options);
  command->add_option("--task", options->task, "number of the task, from 1")->required();
  command->footer(
      "Prints the spec2 run that it stands for. Ends with 75 when a product failed that may end better in another try, with\n"
      "65 when all that failed did so for good.");
  command->callback([options, &chosen] { chosen = [options](const CancelToken& cancel) { return run_task(*options, cancel); }; });
}

void add_gather_command(CLI::App& program, Action& chosen) {
  CLI::App* const command =
      program.add_subcommand("gather", "look at what came of the tasks of a batch; a job of spec2 submit does it");
  const auto options = std::make_shared<Options>();
  add_folder_and_attempt(*command, *options);
  command->footer(
      "Submits again, as a new array (Slurm), what died or what the system failed. Ends with 75 when it did so, else with 0 or\n"
      "the code of the first product that failed.");
  command->callback([options, &chosen] { chosen = [options](const CancelToken&) { return gather(*options); }; });
}

}  // namespace spec2::pipeline
