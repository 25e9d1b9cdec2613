#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "datamodels/io/read_exposure.hpp"
#include "pipeline/association/make_association.hpp"
#include "pipeline/cli/command.hpp"
#include "pipeline/cli/text_file.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> files;
  std::string output = "spec2_asn.json";
  bool overwrite = false;
};

int make(const Options& options) {
  const fs::path output = options.output;
  if (fs::exists(output) && !options.overwrite) {
    throw Error(ErrorCause::user_input, "the association is there already", {.file = output.string()},
                "Give --overwrite or another --output");
  }
  std::vector<Candidate> candidates;
  for (const std::string& file : options.files) candidates.push_back({file, io::read_header(file).meta});
  const MadeAssociation made = make_association(candidates, output.has_parent_path() ? output.parent_path() : fs::path("."));
  for (const std::string& warning : made.warnings) std::fprintf(stderr, "warning: %s\n", warning.c_str());
  if (made.products == 0) {
    throw Error(ErrorCause::user_input, "none of the files is a spectroscopic exposure", {},
                "Give rate or rateints files of spectra");
  }
  write_text_file(output, made.json);
  print(fmt::format("{}: {} products\n", output.string(), made.products));
  return 0;
}

}  // namespace

void add_association_command(CLI::App& program, Action& chosen) {
  CLI::App* const group = program.add_subcommand("asn", "associations");
  group->require_subcommand(1);
  CLI::App* const command = group->add_subcommand("make", "build a level-2b association of exposures by their headers");
  const auto options = std::make_shared<Options>();
  command->add_option("files", options->files, "rate and rateints files")->required();
  command->add_option("--output,-o", options->output, "association to be written, in a folder above all exposures")
      ->capture_default_str();
  command->add_flag("--overwrite", options->overwrite, "replace an association that is there");
  command->callback([options, &chosen] { chosen = [options](const CancelToken&) { return make(*options); }; });
}

}  // namespace spec2::pipeline
