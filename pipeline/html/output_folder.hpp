#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/report/memory_table.hpp"

namespace spec2::pipeline::html {

/// A FITS file of an output folder.
struct FoundFile {
  std::filesystem::path path;
  std::string kind;  ///< "cal", "x1dints", ..., or the name of the step whose result it is
  std::uint64_t bytes = 0;
};

/// What the record of the run and the folder say of one product.
struct FoundProduct {
  std::string name;
  std::string status = "found";  ///< "done", "failed", "skipped" by the record; "found" for files without a record
  std::string reason;
  std::optional<double> seconds;
  std::vector<StepUsage> steps;
  /// Names and values of the record: files by their role, references by their type, parameters that are not the default.
  std::vector<std::pair<std::string, std::string>> inputs, references, parameters;
  std::vector<FoundFile> files;
};

/// The record of a run, spec2_run.json, as far as the page tells of it.
struct RunRecord {
  std::string version, started, ended;
  std::string command;
};

struct OutputFolder {
  std::filesystem::path path;
  std::optional<RunRecord> record;
  std::vector<FoundProduct> products;           ///< those of the record in its order, then others by name
  std::vector<std::filesystem::path> logs;      ///< *.log
  std::filesystem::path memory_report;          ///< the newest one among *.h5; empty without
  std::vector<std::string> problems;            ///< what could not be read
};

/// Looks at the folder (not into its folders). Throws Error(user_input) when it is no folder. A record that cannot be read is a
/// problem told on the page, not an error.
OutputFolder read_output_folder(const std::filesystem::path& path);

}  // namespace spec2::pipeline::html
