#include "pipeline/cli/command_line.hpp"

#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "core/memory/byte_text.hpp"
#include "pipeline/version.hpp"
#include "pipeline/report/console.hpp"
#include "pipeline/runner/run.hpp"

namespace spec2::pipeline {
namespace {

/// The options that run and plan share.
struct SharedOptions {
  RunOptions run;
  std::string memory;
  std::string reference_cache;
  std::string log_level = "warning";
  std::string log_file;
  bool quiet = false;
  bool no_crds_parameters = false;
};

void add_shared_options(CLI::App& command, SharedOptions& options) {
  command.add_option("input", options.run.input, "level-2b association (JSON) or one rate or rateints file")->required();
  command.add_option("--cfg", options.run.config_file, "configuration file: ConfigObj (calwebb_spec2.cfg) or ASDF parameters");
  command.add_option("--set", options.run.settings, "a parameter, as step.parameter=value; may be repeated")
      ->take_all()->expected(1)->allow_extra_args(false);
  command.add_option("--override", options.run.overrides, "a reference file of your own, as type=file or type=N/A; may be repeated")
      ->take_all()->expected(1)->allow_extra_args(false);
  command.add_option("--output-dir", options.run.output_dir, "folder of the products (default: the current one)");
  command.add_option("--threads", options.run.threads, "threads of one exposure; results are the same for any number")
      ->check(CLI::Range(1, 1024));
  command.add_option("--memory", options.memory, "most memory the data may take, such as 512M");
  command.add_option("--reference-cache", options.reference_cache, "most memory that reference files kept between products may take");
  command.add_option("--crds-path", options.run.crds_path, "reference cache (default: $CRDS_PATH)");
  command.add_option("--crds-context", options.run.crds_context, "context of the cache (default: $CRDS_CONTEXT, else its own)");
  command.add_flag("--disable-crds-steppars", options.no_crds_parameters, "leave out the parameter references of the cache");
  command.add_option("--log-level", options.log_level, "debug, info, warning, error or critical");
  command.add_option("--log-file", options.log_file, "file that takes all messages, with times");
  command.add_flag("--quiet,-q", options.quiet, "no progress and no table");
}

void finish_options(SharedOptions& options) {
  if (!options.memory.empty()) options.run.memory_limit = parse_bytes(options.memory, "--memory");
  if (!options.reference_cache.empty()) {
    options.run.reference_cache_limit = parse_bytes(options.reference_cache, "--reference-cache");
  }
  options.run.use_crds_parameters = !options.no_crds_parameters;
}

Console::Options console_options(const SharedOptions& options) {
  return {.level = parse_log_level(options.log_level), .log_file = options.log_file, .progress = !options.quiet};
}

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

int run_products(SharedOptions& options, const CancelToken& cancel) {
  finish_options(options);
  Console console(console_options(options));
  const RunReport report = run(options.run, {.log = &console, .progress = &console, .cancel = &cancel});
  for (const ProductResult& product : report.products) {
    print(fmt::format("{}: {}{}\n", product.name, to_string(product.outcome), product.reason.empty() ? "" : ": " + product.reason));
    for (const auto& file : product.files) print(fmt::format("  {}\n", file.string()));
  }
  if (!options.quiet) {
    std::vector<StepUsage> rows;
    for (const ProductResult& product : report.products) rows.insert(rows.end(), product.steps.begin(), product.steps.end());
    print(memory_table(rows));
    print(fmt::format("peak of live bytes {}, of resident memory {}\n", byte_text(report.peak_live), byte_text(report.peak_resident)));
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

int parse_and_run(int argc, char** argv, const CancelToken& cancel) {
  CLI::App app("Stage-2 spectroscopic calibration for JWST: count rates in, calibrated and extracted spectra out.", "spec2");
  app.set_version_flag("--version", std::string("spec2 ") + kVersion);
  app.require_subcommand(1);
  SharedOptions run_options;
  CLI::App& run_command = *app.add_subcommand("run", "calibrate the products of an association or one exposure");
  add_shared_options(run_command, run_options);
  run_command.add_flag("--save-steps", run_options.run.save_steps, "also write the result of every step");
  SharedOptions plan_options;
  CLI::App& plan_command = *app.add_subcommand("plan", "say what run would do: steps, references, memory; nothing is written");
  add_shared_options(plan_command, plan_options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : exit_code(ErrorCause::user_input);
  }
  return run_command.parsed() ? run_products(run_options, cancel) : plan_products(plan_options, cancel);
}

}  // namespace

int run_command_line(int argc, char** argv, const CancelToken& cancel) {
  try {
    return parse_and_run(argc, argv, cancel);
  } catch (const Error& error) {
    std::fprintf(stderr, "spec2: %s\n", error.what());
    return cancel.signal() != 0 ? 128 + cancel.signal() : exit_code(error.cause());
  } catch (const std::bad_alloc&) {
    std::fputs("spec2: the system has no more memory. Set --memory so that spec2 works within a limit\n", stderr);
    return exit_code(ErrorCause::system);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "spec2: %s (a defect of spec2; please report it with the command line)\n", error.what());
    return exit_code(ErrorCause::internal);
  }
}

}  // namespace spec2::pipeline
