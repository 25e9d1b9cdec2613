#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/memory/byte_text.hpp"
#include "pipeline/cli/command.hpp"
#include "pipeline/cli/run_options.hpp"
#include "pipeline/cli/text_file.hpp"
#include "pipeline/config/asdf_dump.hpp"
#include "pipeline/report/console.hpp"
#include "pipeline/runner/run.hpp"

namespace spec2::pipeline {

void add_shared_options(CLI::App& command, SharedOptions& options) {
  command.add_option("--cfg", options.run.config_file, "configuration file: ConfigObj (calwebb_spec2.cfg) or ASDF parameters");
  command.add_option("--set", options.run.settings, "a parameter, as step.parameter=value; may be repeated")
      ->take_all()->expected(1)->allow_extra_args(false);
  command
      .add_option("--override", options.run.overrides, "a reference file of your own, as type=file or type=N/A; may be repeated")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  command.add_option("--product", options.run.products, "a product of the association, by name; may be repeated (default: all)")
      ->take_all()->expected(1)->allow_extra_args(false);
  command.add_option("--output-dir", options.run.output_dir, "folder of the products (default: the current one)");
  command.add_option("--threads", options.run.threads, "threads of one exposure; results are the same for any number")
      ->check(CLI::Range(1, 1024));
  command.add_option("--memory", options.memory, "most memory the data may take, such as 512M");
  command.add_option("--reference-cache", options.reference_cache,
                     "most memory that reference files kept between products may take");
  command.add_option("--crds-path", options.run.crds_path, "reference cache (default: $CRDS_PATH)");
  command.add_option("--crds-context", options.run.crds_context, "context of the cache (default: $CRDS_CONTEXT, else its own)");
  command.add_flag("--disable-crds-steppars", options.no_crds_parameters, "leave out the parameter references of the cache");
  command.add_flag("--allow-hooks", options.run.allow_hooks, "let commands of pre_hooks and post_hooks run");
  command.add_option("--log-level", options.log_level, "debug, info, warning, error or critical");
  command.add_option("--log-file", options.log_file, "file that takes all messages, with times");
  command.add_flag("--quiet,-q", options.quiet, "no progress and no table");
  // Parameters in the peer's form, --steps.flat_field.skip=true, are checked by those who know all parameters.
  command.allow_extras();
  command.footer("Parameters may be given in the peer's form too: --steps.flat_field.skip=true, --save_bsub=true.");
}

void finish_options(SharedOptions& options) {
  if (!options.memory.empty()) options.run.memory_limit = parse_bytes(options.memory, "--memory");
  if (!options.reference_cache.empty()) {
    options.run.reference_cache_limit = parse_bytes(options.reference_cache, "--reference-cache");
  }
  if (!options.recycle_above.empty()) options.run.recycle_above = parse_bytes(options.recycle_above, "--recycle-above");
  options.run.use_crds_parameters = !options.no_crds_parameters;
}

namespace {

Console::Options console_options(const SharedOptions& options) {
  return {.level = parse_log_level(options.log_level), .log_file = options.log_file, .progress = !options.quiet};
}

/// What the first product runs with, for another run: as ASDF when the name ends so, else as a ConfigObj file.
void dump_parameters(const SharedOptions& options) {
  if (options.dump_file.empty()) return;
  const ParameterSet set = used_parameters(options.run);
  const bool asdf = options.dump_file.ends_with(".asdf");
  write_text_file(options.dump_file, asdf ? to_asdf(set, DumpScope::all) : set.to_cfg(DumpScope::all));
}

/// The words of the command line as they were given.
std::vector<std::string> command_of_process() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

int run_products(SharedOptions& options, const CancelToken& cancel) {
  finish_options(options);
  options.run.command = command_of_process();
  dump_parameters(options);
  Console console(console_options(options));
  const auto print_product = [&](const ProductResult& product) {
    print(
        fmt::format("{}: {}{}{}\n", product.name, to_string(product.outcome), product.is_kept ? " by an earlier run" : "",
                    product.reason.empty() ? "" : ": " + product.reason));
    for (const auto& file : product.files) print(fmt::format("  {}\n", file.string()));
    if (!options.quiet && !product.steps.empty()) print(memory_table(product.steps));
  };
  options.run.keep_details = false;  // what was printed need not be held
  const RunReport report =
      run(options.run, {.log = &console, .progress = &console, .cancel = &cancel, .product_ended = print_product});
  if (!options.quiet) {
    print(fmt::format("peak of live bytes {}, of resident memory {}\n", byte_text(report.peak_live),
                      byte_text(report.peak_resident)));
  }
  // A signal has the exit code a shell gives it, whichever product it stopped.
  return report.interrupted ? 128 + cancel.signal() : report.exit_code();
}

int plan_products(SharedOptions& options, const CancelToken& cancel) {
  finish_options(options);
  Console console(console_options(options));
  const std::vector<ProductPlan> plans = plan(options.run, {.log = &console, .progress = nullptr, .cancel = &cancel});
  print(plan_text(plans));
  for (const ProductPlan& product : plans) {
    if (product.cause) return exit_code(*product.cause);
  }
  return 0;
}

/// Adds the shared options; the words left over are parameters.
std::shared_ptr<SharedOptions> shared_options_of(CLI::App& command) {
  auto options = std::make_shared<SharedOptions>();
  command.add_option("input", options->run.input, "level-2b association (JSON) or one rate or rateints file")->required();
  add_shared_options(command, *options);
  return options;
}

}  // namespace

void add_run_command(CLI::App& program, Action& chosen) {
  CLI::App* const command = program.add_subcommand("run", "calibrate the products of an association or one exposure");
  const auto options = shared_options_of(*command);
  command->add_flag("--save-steps", options->run.save_steps, "also write the result of every step");
  command->add_flag("--resume", options->run.resume,
                    "keep products of an earlier run that are done and whose inputs, parameters and references did not change");
  CLI::Option* const workers =
      command->add_option("--workers", options->run.workers,
                          "processes that make products at the same time, each with its share of --memory; one that dies costs "
                          "one product")
          ->check(CLI::Range(1, 1024));
  command->add_option("--recycle-after", options->run.recycle_after, "products after which a worker is replaced")->needs(workers);
  command->add_option("--recycle-above", options->recycle_above, "resident memory above which a worker is replaced, such as 1G")
      ->needs(workers);
  command
      ->add_option("--retry", options->run.retries, "times a product is tried again whose worker died or that the system failed")
      ->needs(workers);
  command->add_option("--memory-report", options->run.memory_report,
                      "HDF5 file that takes the memory of every step: peaks, allocations by kind, the curve over time, who held "
                      "what (spec2 memory prints it)");
  command->add_option("--dump-cfg,--save-parameters", options->dump_file,
                      "file that takes all parameters of the run: ASDF when it ends in .asdf, else a configuration file");
  command->add_option("--batch-task", options->run.task, "of spec2 task: its name in the record and for spec2 status")->group("");
  command->callback([command, options, &chosen] {
    options->run.words = command->remaining();
    chosen = [options](const CancelToken& cancel) { return run_products(*options, cancel); };
  });
}

void add_plan_command(CLI::App& program, Action& chosen) {
  CLI::App* const command =
      program.add_subcommand("plan", "say what run would do: steps, references, memory; nothing is written");
  const auto options = shared_options_of(*command);
  command->callback([command, options, &chosen] {
    options->run.words = command->remaining();
    chosen = [options](const CancelToken& cancel) { return plan_products(*options, cancel); };
  });
}

}  // namespace spec2::pipeline
