#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

#include "core/error.hpp"
#include "core/log.hpp"
#include "pipeline/memory_report/report_writer.hpp"
#include "pipeline/runner/run_session.hpp"

namespace spec2::pipeline {

/// The memory report of a run, when one was asked for. A report that cannot be written any more is told and given up: the
/// products are made all the same.
class MemoryOutput {
 public:
  /// Throws Error(system) when the file cannot be begun: before anything is calibrated.
  MemoryOutput(const RunInputs& inputs, const Log& log);

  /// Adds what is known of the memory of a product; of one whose process died that it was there.
  void take(std::size_t index, const EndedProduct& ended);
  /// Gives the file its name. What it says why there is none.
  std::optional<ErrorCause> finish();

 private:
  void give_up(const Error& error);

  Log log_;
  std::chrono::steady_clock::time_point began_;
  std::unique_ptr<MemoryReportWriter> writer_;
  std::optional<ErrorCause> failure_;
};

}  // namespace spec2::pipeline
