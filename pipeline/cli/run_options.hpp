#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "pipeline/runner/run.hpp"

namespace spec2::pipeline {

/// The options that run, plan and submit share.
struct SharedOptions {
  RunOptions run;
  std::string memory;
  std::string reference_cache;
  std::string log_level = "warning";
  std::string log_file;
  std::string dump_file;
  std::string recycle_above;
  bool quiet = false;
  bool no_crds_parameters = false;
};

/// All but the input.
void add_shared_options(CLI::App& command, SharedOptions& options);

/// Reads what is text in them: sizes.
void finish_options(SharedOptions& options);

}  // namespace spec2::pipeline
