#include <cstddef>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "pipeline/cli/command.hpp"
#include "pipeline/memory_report/memory_texts.hpp"
#include "pipeline/memory_report/trial_reading.hpp"

namespace spec2::pipeline {
namespace {

struct Options {
  std::string file;
  ReportSelection selection;
  std::string kind;
  std::size_t top = kRowsShown;
};

int print_memory(const Options& options) {
  try_reading(options.file);
  const MemoryReport report = read_memory_report(options.file);
  print(fmt::format("{}: spec2 {}, {}\n", options.file, report.version(), report.started()));
  if (!report.command().empty()) print(fmt::format("{}\n", report.command()));
  print(fmt::format("\nUsage by exposure and step\n{}", usage_text(report, options.selection)));
  print(fmt::format("\nGrowth by kind between exposures\n{}", growth_text(report, options.top)));
  if (report.steps().empty()) return 0;
  const std::size_t step = fullest_step(report, options.selection);
  print(fmt::format("\nLive memory by kind, {}", partition_text(report, step, options.top)));
  print(fmt::format("\nHolders, {}", holders_text(report, step, options.kind, options.top)));
  print(fmt::format("\nResident and live memory, {}", difference_text(report, options.selection)));
  return 0;
}

}  // namespace

void add_memory_command(CLI::App& program, Action& chosen) {
  CLI::App* const command =
      program.add_subcommand("memory", "print a memory report of run --memory-report: usage, growth, kinds, holders");
  const auto options = std::make_shared<Options>();
  command->add_option("report", options->file, "HDF5 file that run --memory-report wrote")->required();
  command->add_option("--exposure", options->selection.exposure, "only this exposure (default: all)");
  command->add_option("--step", options->selection.step, "only this step (default: all)");
  command->add_option("--holders", options->kind,
                      "chains of holders of kinds that contain this, such as 'plane SCI' (default: all)");
  command->add_option("--top", options->top, "most rows of a table")->check(CLI::PositiveNumber)->capture_default_str();
  command->footer(
      "Kinds and holders are those at the peak of the step in which most was live, of the exposure and step that were chosen.\n"
      "Live bytes are charged to accounts; the last table says what resident memory has beside them.");
  command->callback([options, &chosen] { chosen = [options](const CancelToken&) { return print_memory(*options); }; });
}

}  // namespace spec2::pipeline
