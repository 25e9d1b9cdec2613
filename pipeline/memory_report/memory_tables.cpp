#include "pipeline/memory_report/memory_tables.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace spec2::pipeline {
namespace {

struct Sum {
  std::int64_t count = 0;
  std::int64_t bytes = 0;
};
using SumByKind = std::map<std::string, Sum>;

template <class Blocks>
SumByKind sum_by_kind(const Blocks& blocks) {
  SumByKind sums;
  for (const auto& each : blocks) {
    Sum& sum = sums[each.kind];
    sum.count += static_cast<std::int64_t>(each.count);
    sum.bytes += static_cast<std::int64_t>(each.bytes);
  }
  return sums;
}

std::vector<KindShare> shares_of(const SumByKind& sums) {
  std::vector<KindShare> shares;
  std::int64_t total = 0;
  for (const auto& [kind, sum] : sums) {
    shares.push_back({kind, sum.count, sum.bytes});
    total += sum.bytes;
  }
  std::stable_sort(shares.begin(), shares.end(), [](const KindShare& a, const KindShare& b) { return a.bytes > b.bytes; });
  const auto percent = [total](std::int64_t bytes) {
    return total > 0 ? 100.0 * static_cast<double>(bytes) / static_cast<double>(total) : 0.0;
  };
  std::int64_t cumulative = 0;
  for (KindShare& share : shares) {
    cumulative += share.bytes;
    share.percent = percent(share.bytes);
    share.cumulative_bytes = cumulative;
    share.cumulative_percent = percent(cumulative);
  }
  return shares;
}

/// Throws the error about a name that is not in the report.
[[noreturn]] void refuse(const char* what, const char* option, const std::string& name, const std::vector<std::string>& known) {
  constexpr std::size_t kMostNames = 20;
  std::string list;
  for (std::size_t i = 0; i < std::min(known.size(), kMostNames); ++i) list += (i == 0 ? "" : ", ") + known[i];
  throw Error(ErrorCause::user_input, fmt::format("the memory report has no {} '{}'", what, name), {.keyword = option},
              list.empty() ? "It is empty" : fmt::format("It has {}{}", list, known.size() > kMostNames ? ", ..." : ""));
}

void remember(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

std::vector<std::size_t> selected_steps(const MemoryReport& report, const ReportSelection& selection) {
  std::vector<std::string> exposures, steps;
  std::vector<std::size_t> found;
  bool knows_exposure = selection.exposure.empty();
  if (!knows_exposure) {
    for (const ReportExposure& each : report.exposures()) {
      if (each.name == selection.exposure) knows_exposure = true;
      else remember(exposures, each.name);
    }
  }
  if (!knows_exposure) refuse("exposure", "--exposure", selection.exposure, exposures);
  for (std::size_t i = 0; i < report.steps().size(); ++i) {
    const ReportStep& step = report.steps()[i];
    if (!selection.exposure.empty() && report.exposures()[step.exposure].name != selection.exposure) continue;
    if (selection.step.empty() || step.name == selection.step) found.push_back(i);
    else remember(steps, step.name);
  }
  if (found.empty() && !selection.step.empty()) refuse("step", "--step", selection.step, steps);
  return found;
}

std::size_t fullest_step(const MemoryReport& report, const ReportSelection& selection) {
  const std::vector<std::size_t> selected = selected_steps(report, selection);
  if (selected.empty()) {
    throw Error(ErrorCause::data, "the memory report has no step", {}, "Give the report of a run that began one");
  }
  return *std::max_element(selected.begin(), selected.end(), [&](std::size_t a, std::size_t b) {
    return report.steps()[a].live.peak < report.steps()[b].live.peak;
  });
}

std::vector<KindShare> partition_by_kind(std::span<const ReportBlocks> blocks) { return shares_of(sum_by_kind(blocks)); }
std::vector<KindShare> partition_by_kind(std::span<const HeldBlocks> blocks) { return shares_of(sum_by_kind(blocks)); }

std::vector<KindGrowth> growth_by_kind(const MemoryReport& report) {
  std::vector<KindGrowth> growth;
  std::map<std::int64_t, SumByKind> last;  // by process
  for (std::size_t i = 0; i < report.exposures().size(); ++i) {
    SumByKind& before = last[report.exposures()[i].process];
    SumByKind now = sum_by_kind(report.blocks_after_exposure(i));
    const std::size_t first = growth.size();
    for (const auto& [kind, sum] : now) {
      const Sum old = before[kind];
      if (sum.count <= old.count && sum.bytes <= old.bytes) continue;
      growth.push_back({i, kind, sum.count, sum.count - old.count, sum.bytes, sum.bytes - old.bytes});
    }
    std::stable_sort(growth.begin() + static_cast<std::ptrdiff_t>(first), growth.end(),
                     [](const KindGrowth& a, const KindGrowth& b) { return a.bytes_increase > b.bytes_increase; });
    before = std::move(now);
  }
  return growth;
}

std::vector<ReportBlocks> holders_at_peak(const MemoryReport& report, std::size_t step, std::string_view kind) {
  std::vector<ReportBlocks> found = report.blocks_at_peak(step);
  std::erase_if(found, [kind](const ReportBlocks& each) { return each.kind.find(kind) == std::string::npos; });
  return found;
}

}  // namespace spec2::pipeline
