#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace spec2::pipeline {

/// What one step of one exposure took: wall time, live bytes on the accounts, resident bytes of the process.
struct StepUsage {
  std::string exposure;
  std::string step;
  std::string outcome;  ///< "done", or "skipped: reason"
  double seconds = 0.0;
  std::size_t live_before = 0;
  std::size_t live_peak = 0;
  std::size_t live_after = 0;
  std::size_t resident_before = 0;
  std::size_t resident_peak = 0;
  std::size_t resident_after = 0;
  std::size_t estimate = 0;  ///< predicted peak of live bytes
  std::size_t budget = 0;    ///< limit that held for the step
};

/// The table printed after a run: one row per exposure and step, sizes in MiB.
std::string memory_table(const std::vector<StepUsage>& rows);

}  // namespace spec2::pipeline
