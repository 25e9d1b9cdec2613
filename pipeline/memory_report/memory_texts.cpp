#include "pipeline/memory_report/memory_texts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/memory/byte_text.hpp"

namespace spec2::pipeline {
namespace {

constexpr double kMebibyte = 1048576.0;

std::string mebibytes(std::int64_t bytes) { return fmt::format("{:.3f}", static_cast<double>(bytes) / kMebibyte); }
std::string mebibytes(std::size_t bytes) { return mebibytes(static_cast<std::int64_t>(bytes)); }
std::string increment(std::int64_t bytes) { return fmt::format("{:+.3f}", static_cast<double>(bytes) / kMebibyte); }

std::string left_out(std::size_t rows, std::size_t shown, std::string_view what) {
  return rows > shown ? fmt::format("... and {} more {} (--top shows them)\n", rows - shown, what) : std::string();
}

/// "step photom of exposure jw..."
std::string step_name(const MemoryReport& report, std::size_t step) {
  const ReportStep& each = report.steps()[step];
  return fmt::format("step {} of {}", each.name, report.exposures()[each.exposure].name);
}

std::string chain_text(const std::vector<std::string>& holders, const std::string& kind) {
  std::string text;
  for (const std::string& holder : holders) text += holder + " -> ";
  return text + kind;
}

std::string blocks_text(std::int64_t count, std::int64_t bytes) {
  const auto size = static_cast<std::size_t>(std::max<std::int64_t>(bytes, 0));
  return fmt::format("{} {}, {}", count, count == 1 ? "block" : "blocks", byte_text(size));
}

std::string taken_text(const MemoryReport& report, const ReportBlocks& blocks) {
  if (blocks.taken_step >= 0) return ", taken in " + step_name(report, static_cast<std::size_t>(blocks.taken_step));
  if (blocks.taken_exposure < 0) return {};
  return ", taken between steps of " + report.exposures()[static_cast<std::size_t>(blocks.taken_exposure)].name;
}

}  // namespace

std::string usage_text(const MemoryReport& report, const ReportSelection& selection) {
  std::string text =
      fmt::format("{:<26} {:>32}  {:>32}  {:>9} {:>7}\n", "", "live MiB", "resident MiB", "virtual", "blocks");
  text += fmt::format("{:<26} {:>10} {:>10} {:>10}  {:>10} {:>10} {:>10}  {:>9} {:>7}  {}\n", "step", "usage", "increment",
                      "peak", "usage", "increment", "peak", "MiB", "taken", "outcome");
  std::size_t exposure = report.exposures().size();
  const ReportStep* last = nullptr;
  for (const std::size_t i : selected_steps(report, selection)) {
    const ReportStep& step = report.steps()[i];
    if (step.exposure != exposure) {
      exposure = step.exposure;
      last = nullptr;
      text += fmt::format("{}: {}\n", report.exposures()[exposure].name, report.exposures()[exposure].outcome);
    }
    // As memory_profiler counts: from the end of the line before, so that what lies between belongs to the step.
    const bool follows = last && selection.step.empty();
    const std::int64_t live = follows ? last->live.after : step.live.before;
    const std::int64_t resident = follows ? last->resident.after : step.resident.before;
    text += fmt::format("  {:<24} {:>10} {:>10} {:>10}  {:>10} {:>10} {:>10}  {:>9} {:>7}  {}\n", step.name,
                        mebibytes(step.live.after), increment(step.live.after - live), mebibytes(step.live.peak),
                        mebibytes(step.resident.after), increment(step.resident.after - resident),
                        mebibytes(step.resident.peak), mebibytes(step.virtual_size.peak), step.allocations, step.outcome);
    last = &step;
  }
  return text;
}

std::string growth_text(const MemoryReport& report, std::size_t at_most) {
  const std::vector<KindGrowth> growth = growth_by_kind(report);
  std::string text = fmt::format("  {:<34} {:>8} {:>8} {:>14} {:>14}\n", "kind", "blocks", "growth", "bytes", "growth");
  if (growth.empty()) return text + "  nothing is held after an exposure that was not before it\n";
  std::size_t exposure = report.exposures().size();
  for (std::size_t i = 0; i < std::min(at_most, growth.size()); ++i) {
    const KindGrowth& each = growth[i];
    if (each.exposure != exposure) text += report.exposures()[each.exposure].name + "\n";
    exposure = each.exposure;
    text += fmt::format("  {:<34} {:>8} {:>+8} {:>14} {:>+14}\n", each.kind, each.count, each.count_increase, each.bytes,
                        each.bytes_increase);
  }
  text += left_out(growth.size(), at_most, "rows");
  const std::size_t grown = static_cast<std::size_t>(
      std::count_if(growth.begin(), growth.end(), [](const KindGrowth& each) { return each.exposure > 0; }));
  if (grown == 0 && report.exposures().size() > 1) text += "  nothing grew after the first exposure\n";
  return text;
}

std::string partition_text(const std::vector<KindShare>& shares, std::size_t at_most) {
  std::string text = fmt::format("{:>5} {:>8} {:>14} {:>6} {:>14} {:>6}  {}\n", "index", "count", "bytes", "%", "cumulative", "%",
                                 "kind");
  for (std::size_t i = 0; i < std::min(at_most, shares.size()); ++i) {
    const KindShare& share = shares[i];
    text += fmt::format("{:>5} {:>8} {:>14} {:>6.1f} {:>14} {:>6.1f}  {}\n", i, share.count, share.bytes, share.percent,
                        share.cumulative_bytes, share.cumulative_percent, share.kind);
  }
  return text + left_out(shares.size(), at_most, "kinds");
}

std::string partition_text(const MemoryReport& report, std::size_t step, std::size_t at_most) {
  return fmt::format("at the peak of {}\n", step_name(report, step)) +
         partition_text(partition_by_kind(report.blocks_at_peak(step)), at_most);
}

std::string holders_text(const MemoryReport& report, std::size_t step, std::string_view kind, std::size_t at_most) {
  const std::vector<ReportBlocks> found = holders_at_peak(report, step, kind);
  std::string text = fmt::format("at the peak of {}\n", step_name(report, step));
  if (found.empty()) return text + fmt::format("  no block of a kind with '{}'\n", kind);
  for (std::size_t i = 0; i < std::min(at_most, found.size()); ++i) {
    text += fmt::format("  {}: {}{}\n", chain_text(found[i].holders, found[i].kind), blocks_text(found[i].count, found[i].bytes),
                        taken_text(report, found[i]));
  }
  return text + left_out(found.size(), at_most, "chains");
}

std::string holders_text(const std::vector<HeldBlocks>& held, std::size_t at_most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(at_most, held.size()); ++i) {
    text += fmt::format("  {}: {}\n", chain_text(held[i].holders, held[i].kind),
                        blocks_text(static_cast<std::int64_t>(held[i].count), static_cast<std::int64_t>(held[i].bytes)));
  }
  return text + left_out(held.size(), at_most, "chains");
}

std::string difference_text(const MemoryReport& report, const ReportSelection& selection) {
  const ReportStep* fullest = nullptr;
  std::size_t at = 0;
  std::int64_t live = 0, resident = 0, mapped = 0;
  for (const std::size_t i : selected_steps(report, selection)) {
    const ReportStep& step = report.steps()[i];
    live = std::max(live, step.live.peak);
    resident = std::max(resident, step.resident.peak);
    mapped = std::max(mapped, step.virtual_size.peak);
    if (fullest && step.fullest.resident <= fullest->fullest.resident) continue;
    fullest = &step;
    at = i;
  }
  std::string text = fmt::format("peaks: live {} MiB, resident {} MiB, virtual {} MiB\n", mebibytes(live), mebibytes(resident),
                                 mebibytes(mapped));
  if (!fullest) return text;
  const ResidentState& state = fullest->fullest;
  text += fmt::format("resident memory at its fullest sample, in {}\n", step_name(report, at));
  for (std::size_t i = 0; i < kResidentParts; ++i) {
    const auto part = static_cast<ResidentPart>(i);
    text += fmt::format("  {:>10} MiB  {:<25} {}\n", mebibytes(state.part(part)), to_string(part), meaning_of(part));
  }
  return text + fmt::format("  {:>10} MiB  resident, of which {} MiB are live\n", mebibytes(state.resident),
                            mebibytes(state.live));
}

}  // namespace spec2::pipeline
