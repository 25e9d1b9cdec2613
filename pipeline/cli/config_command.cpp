#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "datamodels/io/read_exposure.hpp"
#include "pipeline/association/association.hpp"
#include "pipeline/cli/command.hpp"
#include "pipeline/config/asdf_dump.hpp"
#include "pipeline/config/command_words.hpp"
#include "pipeline/config/nearest_name.hpp"
#include "pipeline/config/parameter_loader.hpp"
#include "pipeline/config/parameter_schema.hpp"
#include "pipeline/runner/exposure_references.hpp"

namespace spec2::pipeline {
namespace {

struct Options {
  std::string step;
  bool dump = false, schema = false, changed = false;
  std::vector<std::string> checked;
  std::string file;
  std::string format = "cfg";
  std::vector<std::string> settings;
  std::string input;
  std::string context;
  std::string crds_path;
};

/// The pipeline, or a step of it by its name or class.
const StepSpec& step_named(const std::string& name) {
  if (name.empty()) return spec2_pipeline();
  if (const StepSpec* const step = spec2_pipeline().find_step(name)) return *step;
  return step_of_class(name);
}

int dump(const Options& options) {
  ParameterRequest request;
  request.step = &step_named(options.step);
  if (!options.file.empty()) request.file = options.file;
  std::optional<ReferenceSelector> selector;
  HeaderValues header;
  if (!options.input.empty()) {
    selector.emplace(ReferenceSelector::open_or_environment(options.crds_path, options.context));
    header = header_values(io::read_header(load_association(options.input).products.front().science().file).meta);
    request.references = &*selector;
    request.header = &header;
  }
  for (const std::string& setting : options.settings) add_assignment(request.overrides, setting, *request.step);
  const DumpScope scope = options.changed ? DumpScope::changed : DumpScope::all;
  const ParameterSet set = load_parameters(request).set;
  print(options.format == "asdf" ? to_asdf(set, scope) : set.to_cfg(scope));
  return 0;
}

/// Every file is looked at; the code is that of the first that is wrong.
int check(const Options& options) {
  int code = 0;
  for (const std::string& file : options.checked) {
    try {
      ParameterRequest request;
      request.step = &step_named(options.step);
      request.file = file;
      const ParameterSet set = load_parameters(request).set;
      print(fmt::format("{}: right; configures {}, {} parameters differ from their defaults\n", file, set.spec().class_name,
                        set.changed().size()));
    } catch (const Error& error) {
      print(fmt::format("{}: wrong\n{}\n", file, error.what()));
      if (code == 0) code = exit_code(error.cause());
    }
  }
  return code;
}

int run_config(const Options& options) {
  if (options.schema) {
    print(parameter_schema(step_named(options.step), false).dump(2) + '\n');
    return 0;
  }
  return options.dump ? dump(options) : check(options);
}

}  // namespace

void add_config_command(CLI::App& program, Action& chosen) {
  CLI::App* const command = program.add_subcommand("config", "print, check and describe parameters");
  const auto options = std::make_shared<Options>();
  command->add_option("step", options->step, "a step such as extract_1d (default: the pipeline with all its steps)");
  CLI::Option_group* const what = command->add_option_group("what to do");
  what->add_flag("--dump", options->dump, "print all parameters as a configuration file");
  what->add_option("--check", options->checked, "check configuration files")->expected(1, 1000);
  what->add_flag("--schema", options->schema, "print the JSON schema of the parameters");
  what->require_option(1);
  command->add_flag("--changed", options->changed, "with --dump: only what differs from the defaults");
  command->add_option("--format", options->format, "with --dump: cfg or asdf")->check(CLI::IsMember({"cfg", "asdf"}));
  command->add_option("--cfg", options->file, "with --dump: configuration file that gives values");
  command->add_option("--set", options->settings, "with --dump: a parameter, as step.parameter=value")
      ->take_all()->expected(1)->allow_extra_args(false);
  command->add_option("--input", options->input, "with --dump: exposure or association whose parameter references give values");
  command->add_option("--context", options->context, "context of the cache (default: $CRDS_CONTEXT, else its own)");
  command->add_option("--crds-path", options->crds_path, "reference cache (default: $CRDS_PATH)");
  command->callback([options, &chosen] { chosen = [options](const CancelToken&) { return run_config(*options); }; });
}

}  // namespace spec2::pipeline
