#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "core/memory/byte_text.hpp"
#include "pipeline/cli/command.hpp"
#include "pipeline/cli/text_file.hpp"
#include "pipeline/html/page.hpp"

namespace spec2::pipeline {

void add_report_command(CLI::App& program, Action& chosen) {
  CLI::App* const command = program.add_subcommand("report", "one HTML page of what lies in the output folder of a run");
  const auto sources = std::make_shared<html::ReportSources>();
  const auto output = std::make_shared<std::string>();
  command->add_option("output_dir", sources->output_dir, "folder of the products")->required();
  command->add_option("--output,-o", *output, "page to be written (default: report.html in the folder)");
  command->add_option("--log", sources->logs, "log file of the run that lies elsewhere; may be repeated")
      ->take_all()->expected(1)->allow_extra_args(false);
  command->add_option("--memory", sources->memory_report,
                      "memory report of the run that lies elsewhere (default: the newest in the folder)");
  command->footer(
      "The page needs no other file and no network. It shows the status of the products, the memory over the\n"
      "steps, spectra, previews, flags and the log (*.log), as far as the folder has them.");
  command->callback([sources, output, &chosen] {
    chosen = [sources, output](const CancelToken&) {
      const std::string path = output->empty() ? (sources->output_dir / "report.html").string() : *output;
      const std::string page = html::report_page(*sources);
      write_text_file(path, page);
      print(fmt::format("{}: {}\n", path, byte_text(page.size())));
      return 0;
    };
  });
}

}  // namespace spec2::pipeline
