#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/batch/submit.hpp"
#include "pipeline/cli/command.hpp"
#include "pipeline/cli/run_options.hpp"
#include "pipeline/crds/reference_selector.hpp"
#include "pipeline/report/console.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

struct Options {
  SharedOptions shared;
  batch::SubmitOptions submit;
  std::string engine = "slurm";
};

/// The options of `spec2 run` that all tasks share, one word each, so that none is taken for another.
std::vector<std::string> run_words(const SharedOptions& options, const std::string& context) {
  const RunOptions& run = options.run;
  std::vector<std::string> words;
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) words.push_back(fmt::format("{}={}", option, value));
  };
  add("--cfg", run.config_file.string());
  for (const std::string& setting : run.settings) add("--set", setting);
  for (const std::string& reference : run.overrides) add("--override", reference);
  add("--threads", std::to_string(run.threads));
  add("--reference-cache", options.reference_cache);
  // What is chosen now, whatever the environment of a task and the default of the cache will be.
  const char* const environment = std::getenv("CRDS_PATH");
  const fs::path cache = run.crds_path.empty() && environment ? fs::path(environment) : run.crds_path;
  add("--crds-path", fs::absolute(cache).lexically_normal().string());
  add("--crds-context", context);
  add("--log-level", options.log_level);
  if (options.no_crds_parameters) words.emplace_back("--disable-crds-steppars");
  if (run.allow_hooks) words.emplace_back("--allow-hooks");
  if (run.save_steps) words.emplace_back("--save-steps");
  if (options.quiet) words.emplace_back("--quiet");
  words.insert(words.end(), run.words.begin(), run.words.end());
  return words;
}

int submit(Options& options, const CancelToken& cancel) {
  finish_options(options.shared);
  if (!options.shared.log_file.empty()) {
    throw Error(ErrorCause::user_input, "tasks on several machines cannot share a log file", {.keyword = "--log-file"},
                "Each has its own in spec2_batch/<number>/logs of the output folder");
  }
  const RunOptions& run = options.shared.run;
  const ReferenceSelector selector = ReferenceSelector::open_or_environment(run.crds_path, run.crds_context);
  options.submit.request.engine = batch::engine_of(options.engine);
  options.submit.run = run;
  options.submit.run_words = run_words(options.shared, selector.context());
  options.submit.program = fs::read_symlink("/proc/self/exe");
  Console console({.level = parse_log_level(options.shared.log_level), .progress = false});
  print(batch::submit(options.submit, {.log = &console, .cancel = &cancel}).text);
  return 0;
}

void add_batch_options(CLI::App& command, Options& options) {
  batch::BatchRequest& request = options.submit.request;
  command.add_option("--engine", options.engine, "slurm or htcondor")->check(CLI::IsMember({"slurm", "htcondor"}))->required();
  command.add_option("--chunk", request.chunk, "products of a task (default: one, or what makes a thousand tasks)")
      ->check(CLI::Range(1, 100000));
  command.add_option("--max-parallel", request.max_parallel, "tasks of an association at the same time (default: no bound)")
      ->check(CLI::Range(1, 100000));
  command.add_option("--retry", request.retries, "times a product is tried again that died or that the system failed")
      ->check(CLI::Range(0, 100))
      ->capture_default_str();
  command.add_option("--partition", request.partition, "partition of Slurm");
  command.add_option("--account", request.account, "account of Slurm, accounting group of HTCondor");
  command.add_option("--time", request.time, "time limit of a task as Slurm takes it, such as 30 or 2:00:00");
  command
      .add_option("--option", request.options,
                  "an option for sbatch (--option=--qos=long) or a line of HTCondor's submit file; may be repeated")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  command.add_flag("--dry-run", options.submit.is_dry_run, "write the files and print the commands, submit nothing");
}

}  // namespace

void add_submit_command(CLI::App& program, Action& chosen) {
  CLI::App* const command = program.add_subcommand("submit", "hand associations to a batch system: a task for each product");
  const auto options = std::make_shared<Options>();
  command->add_option("associations", options->submit.associations, "level-2b associations or exposures")->required();
  add_batch_options(*command, *options);
  add_shared_options(*command, options->shared);
  command->add_flag("--save-steps", options->shared.run.save_steps, "also write the result of every step");
  command->footer(
      "The other options are those of spec2 run and hold for every task. A task asks for the memory that spec2 plan predicts,\n"
      "and for that of the program. Tasks keep what is done and valid (--resume). Folders must be seen by all machines.\n"
      "spec2 status shows how far it is. Parameters in the peer's form are given with =: --steps.flat_field.skip=true.");
  command->callback([command, options, &chosen] {
    options->shared.run.words = command->remaining();
    chosen = [options](const CancelToken& cancel) { return submit(*options, cancel); };
  });
}

}  // namespace spec2::pipeline
