#include "pipeline/batch/outcome.hpp"

#include <algorithm>
#include <csignal>

#include "core/error.hpp"
#include "pipeline/runner/run_record.hpp"

namespace spec2::pipeline::batch {
namespace {

constexpr int kSignals = 128;

}  // namespace

std::map<std::string, RecordedOutcome> recorded_outcomes(const std::filesystem::path& output_dir) {
  std::map<std::string, RecordedOutcome> outcomes;
  for_each_product(output_dir, [&](const ProductRecord& record) {
    RecordedOutcome& outcome = outcomes[record.name];
    outcome = {record.status, record.error, record.exit_code, record.task, record.ended, record.seconds};
    if (outcome.status == "failed" && outcome.exit_code == 0) outcome.exit_code = exit_code(ErrorCause::internal);
    for (const StepUsage& step : record.steps) outcome.peak_resident = std::max(outcome.peak_resident, step.resident_peak);
  });
  return outcomes;
}

bool may_end_better(int code, bool has_own_limit) noexcept {
  if (code > kSignals || code == exit_code(ErrorCause::system) || code == exit_code(ErrorCause::internal)) return true;
  return code == exit_code(ErrorCause::budget) && !has_own_limit;
}

bool needs_more_memory(int code) noexcept { return code == exit_code(ErrorCause::budget) || code == kSignals + SIGKILL; }

int documented_code(int code) noexcept {
  if (code == kSignals + SIGINT || code == kSignals + SIGTERM || code <= kSignals) return code;
  return exit_code(code == kSignals + SIGKILL ? ErrorCause::system : ErrorCause::internal);
}

}  // namespace spec2::pipeline::batch
