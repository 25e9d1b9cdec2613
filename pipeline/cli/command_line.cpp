#include "pipeline/cli/command_line.hpp"

#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include "core/error.hpp"
#include "pipeline/cli/command.hpp"
#include "pipeline/version.hpp"

namespace spec2::pipeline {
namespace {

int parse_and_run(int argc, char** argv, const CancelToken& cancel) {
  CLI::App program("Stage-2 spectroscopic calibration for JWST: count rates in, calibrated and extracted spectra out.", "spec2");
  program.set_version_flag("--version", std::string("spec2 ") + kVersion);
  program.require_subcommand(1);
  Action chosen;
  add_run_command(program, chosen);
  add_plan_command(program, chosen);
  add_bestrefs_command(program, chosen);
  add_config_command(program, chosen);
  add_association_command(program, chosen);
  add_export_command(program, chosen);
  add_report_command(program, chosen);
  add_memory_command(program, chosen);
  add_submit_command(program, chosen);
  add_status_command(program, chosen);
  add_gather_command(program, chosen);
  add_task_command(program, chosen);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = program.exit(error);
    return code == 0 ? 0 : exit_code(ErrorCause::user_input);
  }
  return chosen(cancel);
}

}  // namespace

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

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
