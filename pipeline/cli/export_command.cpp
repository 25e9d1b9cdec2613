#include <memory>
#include <string>

#include <fmt/format.h>

#include "pipeline/cli/command.hpp"
#include "pipeline/export/export_spectra.hpp"

namespace spec2::pipeline {

void add_export_command(CLI::App& program, Action& chosen) {
  CLI::App* const command = program.add_subcommand("export", "write the spectra of a time series as HDF5, for xarray and others");
  const auto input = std::make_shared<std::string>(), output = std::make_shared<std::string>();
  command->add_option("input", *input, "x1dints product")->required();
  command->add_option("output", *output, "HDF5 file to be written")->required();
  command->callback([input, output, &chosen] {
    chosen = [input, output](const CancelToken&) {
      export_spectra(*input, *output);
      print(fmt::format("{}\n", *output));
      return 0;
    };
  });
}

}  // namespace spec2::pipeline
