#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/config/config_tree.hpp"
#include "pipeline/config/parameter_table.hpp"
#include "steps/step_parameters.hpp"

namespace spec2::pipeline {

enum class DumpScope { all, changed };

/// Resolved parameters of the pipeline and all its steps (or of a single step): typed, complete, checked. A step is named
/// by its path: "" for the pipeline, "extract_1d", "master_background_mos.extract_1d".
class ParameterSet {
 public:
  /// Checks `tree` against the table of `step` and fills in defaults. Throws one Error(user_input) that lists every
  /// problem with its place.
  static ParameterSet resolve(const StepSpec& step, const ConfigValue& tree, std::string name = {});

  const StepSpec& spec() const noexcept { return *spec_; }
  const std::string& name() const noexcept { return name_; }

  const StepParameters& pipeline() const { return step(""); }
  /// Throws Error(user_input) for a path that there is not.
  const StepParameters& step(std::string_view path) const;

  bool is_default(std::string_view path, std::string_view parameter) const;
  ParameterOrigin origin(std::string_view path, std::string_view parameter) const;
  /// File that gave the value; empty for defaults and the command line.
  const std::string& source(std::string_view path, std::string_view parameter) const;

  /// Parameters that differ from their defaults: dotted path ("steps.extract_1d.smoothing_length") and value.
  std::vector<std::pair<std::string, ParameterValue>> changed() const;

  /// As a configuration file that gives this set again. None cannot be written in such a file: those lines are comments.
  std::string to_cfg(DumpScope scope) const;

 private:
  struct Source {
    ParameterOrigin origin = ParameterOrigin::default_value;
    std::string file;
  };
  struct Section {
    const StepSpec* spec = nullptr;
    bool inside = false;
    StepParameters parameters;
    std::map<std::string, Source, std::less<>> sources;
  };

  void add(const StepSpec& spec, const ConfigValue& tree, const std::string& path, std::vector<std::string>& problems);
  const Section& section(std::string_view path) const;
  void write_section(std::string& text, const std::string& path, std::size_t depth, DumpScope scope) const;

  const StepSpec* spec_ = nullptr;
  std::string name_;
  std::map<std::string, Section, std::less<>> sections_;
  std::vector<std::string> order_;  ///< paths in the order of the table
};

}  // namespace spec2::pipeline
