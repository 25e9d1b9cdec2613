#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

namespace spec2::pipeline::batch {

/// What the record of an output folder says of a product, as far as the state of a run needs it.
struct RecordedOutcome {
  std::string status;  ///< "done", "failed" or "skipped"
  std::string error;
  int exit_code = 0;  ///< 128 and the signal when its process was killed
  std::string task;   ///< that made it
  std::string ended;
  double seconds = 0.0;
  std::size_t peak_resident = 0;  ///< bytes; 0: not known
};

/// By name of the product. Throws Error(data) when the record is damaged.
std::map<std::string, RecordedOutcome> recorded_outcomes(const std::filesystem::path& output_dir);

/// Whether another try may end better: the process died or was stopped, the system failed it, or it is a defect, as for
/// --retry of workers; or the prediction of its memory was too small, unless the user gave the limit (`has_own_limit`).
bool may_end_better(int exit_code, bool has_own_limit) noexcept;

/// Whether another try should get more memory: the prediction was too small, or the process was ended as the system ends those
/// that take too much.
bool needs_more_memory(int exit_code) noexcept;

/// The documented exit code (docs/exit_codes.md) of a process that ended so.
int documented_code(int exit_code) noexcept;

}  // namespace spec2::pipeline::batch
