#include <filesystem>
#include <memory>
#include <string>

#include "pipeline/batch/status.hpp"
#include "pipeline/cli/command.hpp"

namespace spec2::pipeline {

void add_status_command(CLI::App& program, Action& chosen) {
  CLI::App* const command =
      program.add_subcommand("status", "how far a run is: one on this machine, with workers, or of a batch system");
  const auto folder = std::make_shared<std::filesystem::path>();
  const auto format = std::make_shared<std::string>("text");
  command->add_option("output_dir", *folder, "folder of the products")->required();
  command->add_option("--format", *format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  command->footer(
      "Ends with 75 while products wait or run, with 0 when all are done (or skipped), else with the code of the first that\n"
      "failed. squeue, sacct and condor_q are asked where they are there; the files of the folder are enough.");
  command->callback([folder, format, &chosen] {
    chosen = [folder, format](const CancelToken&) {
      const batch::FolderStatus status = batch::folder_status(*folder);
      print(*format == "json" ? to_json(status) : to_text(status));
      return status.exit_code();
    };
  });
}

}  // namespace spec2::pipeline
