#pragma once

#include <functional>
#include <string_view>

#include <CLI/CLI.hpp>

#include "core/cancel.hpp"

namespace spec2::pipeline {

/// What a subcommand does once the command line is read; gives the exit code.
using Action = std::function<int(const CancelToken&)>;

/// Each adds one subcommand (or a group of them) with its options; the one that the user gave puts what it does into `chosen`.
void add_run_command(CLI::App& program, Action& chosen);
void add_plan_command(CLI::App& program, Action& chosen);
void add_bestrefs_command(CLI::App& program, Action& chosen);
void add_config_command(CLI::App& program, Action& chosen);
void add_association_command(CLI::App& program, Action& chosen);
void add_export_command(CLI::App& program, Action& chosen);
void add_report_command(CLI::App& program, Action& chosen);
void add_memory_command(CLI::App& program, Action& chosen);
void add_submit_command(CLI::App& program, Action& chosen);
void add_status_command(CLI::App& program, Action& chosen);
void add_gather_command(CLI::App& program, Action& chosen);
void add_task_command(CLI::App& program, Action& chosen);

/// Writes to standard output.
void print(std::string_view text);

}  // namespace spec2::pipeline
