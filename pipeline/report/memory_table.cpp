#include "pipeline/report/memory_table.hpp"

#include <limits>

#include <fmt/format.h>

namespace spec2::pipeline {
namespace {

std::string mebibytes(std::size_t bytes) {
  if (bytes == std::numeric_limits<std::size_t>::max()) return "-";
  return fmt::format("{:.1f}", static_cast<double>(bytes) / 1048576.0);
}

}  // namespace

std::string memory_table(const std::vector<StepUsage>& rows) {
  std::string text = fmt::format("{:<24} {:>8}  {:>26}  {:>26}  {:>8} {:>8}  {}\n", "", "", "live MiB", "resident MiB",
                                 "estimate", "budget", "");
  text += fmt::format("{:<24} {:>8}  {:>8} {:>8} {:>8}  {:>8} {:>8} {:>8}  {:>8} {:>8}  {}\n", "step", "wall s", "before", "peak",
                      "after", "before", "peak", "after", "MiB", "MiB", "outcome");
  const std::string* exposure = nullptr;
  for (const StepUsage& row : rows) {
    if (!exposure || *exposure != row.exposure) {
      text += row.exposure + "\n";
      exposure = &row.exposure;
    }
    text += fmt::format("  {:<22} {:>8.3f}  {:>8} {:>8} {:>8}  {:>8} {:>8} {:>8}  {:>8} {:>8}  {}\n", row.step, row.seconds,
                        mebibytes(row.live_before), mebibytes(row.live_peak), mebibytes(row.live_after),
                        mebibytes(row.resident_before), mebibytes(row.resident_peak), mebibytes(row.resident_after),
                        mebibytes(row.estimate), mebibytes(row.budget), row.outcome);
  }
  return text;
}

}  // namespace spec2::pipeline
