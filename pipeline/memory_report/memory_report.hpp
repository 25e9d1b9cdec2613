#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/memory_report/product_memory.hpp"

namespace spec2::pipeline {

/// An exposure of a memory report, in the order in which they ended.
struct ReportExposure {
  std::string name;
  std::string outcome;
  std::int64_t process = 0;  ///< that made it
  double began_s = 0.0;      ///< since the run began
  double seconds = 0.0;
  ResidentState after;       ///< when all of it was given back
};

/// Bytes before a step, the most of them in it, and after it.
struct StepBytes {
  std::int64_t before = 0;
  std::int64_t peak = 0;
  std::int64_t after = 0;
};

struct ReportStep {
  std::string name;
  std::size_t exposure = 0;  ///< place in the exposures
  std::string outcome;
  double began_s = 0.0;
  double seconds = 0.0;
  StepBytes live, resident, virtual_size;
  std::int64_t estimate = 0;
  std::int64_t budget = -1;  ///< -1: none
  std::int64_t allocations = 0;
  std::int64_t allocated_bytes = 0;
  ResidentState fullest;     ///< at the sample with the most resident memory; its virtual size is not told
};

/// Blocks of one kind with one holder that were taken in the same step.
struct ReportBlocks {
  std::string kind;
  std::vector<std::string> holders;   ///< "run", "exposure jw...", "step photom"
  std::int64_t count = 0;
  std::int64_t bytes = 0;
  std::int64_t taken_exposure = -1;   ///< place in the exposures
  std::int64_t taken_step = -1;       ///< place in the steps; -1: between steps
};

struct ReportSample {
  double time_s = 0.0;
  std::int64_t live = 0;
  std::int64_t resident = 0;
  std::int64_t virtual_size = 0;
  std::size_t exposure = 0;
  std::int64_t step = -1;  ///< place in the steps; -1 between steps
  SampleEvent event = SampleEvent::periodic;
};

/// A memory report of `spec2 run --memory-report`, for reading. Exposures and steps are held, samples and blocks are read when
/// they are asked for. A file that is damaged, or was made to harm, gives Error(data), also from the later calls.
class MemoryReport {
 public:
  explicit MemoryReport(const std::filesystem::path& path);
  ~MemoryReport();
  MemoryReport(MemoryReport&&) noexcept;
  MemoryReport& operator=(MemoryReport&&) noexcept;
  MemoryReport(const MemoryReport&) = delete;
  MemoryReport& operator=(const MemoryReport&) = delete;

  const std::vector<ReportExposure>& exposures() const noexcept;
  const std::vector<ReportStep>& steps() const noexcept;
  /// Of the run; -1 for no limit.
  std::int64_t memory_limit() const;
  std::string version() const;
  std::string started() const;
  std::string command() const;

  /// All samples, those of an exposure in the order of their times.
  std::vector<ReportSample> samples() const;
  /// What a step allocated by kind, and what was live after it.
  std::vector<KindUse> kinds(std::size_t step) const;
  /// Who held what when most was live in a step, and after it; largest first.
  std::vector<ReportBlocks> blocks_at_peak(std::size_t step) const;
  std::vector<ReportBlocks> blocks_after_step(std::size_t step) const;
  /// What an exposure left behind: references in the cache, and leaks.
  std::vector<ReportBlocks> blocks_after_exposure(std::size_t exposure) const;

 private:
  struct Contents;
  std::unique_ptr<Contents> contents_;
};

/// Opens a memory report. Throws Error(user_input) when there is no such file, Error(data) when it is no memory report.
MemoryReport read_memory_report(const std::filesystem::path& path);

/// Whether a file says of itself that it is one.
bool is_memory_report(const std::filesystem::path& path);

}  // namespace spec2::pipeline
