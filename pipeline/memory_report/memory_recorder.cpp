#include "pipeline/memory_report/memory_recorder.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/memory/resident.hpp"

namespace spec2::pipeline {

MemoryRecorder::MemoryRecorder(Account& run, std::chrono::steady_clock::time_point began)
    : run_(run), ledger_(run), curve_(run, began), sampler_(MemoryCurve::kPeriod, [this] { curve_.tick(); }) {}

void MemoryRecorder::begin_product(std::size_t index, const std::string& name) {
  product_ = ProductMemory();
  product_.product = index;
  product_.name = name;
  product_.process = ::getpid();
  product_.began_s = curve_.now_s();
  in_step_ = false;
  ledger_.set_moment(TakenIn::moment(index, -1));
}

void MemoryRecorder::begin_step(const std::string& name) {
  const std::size_t place = product_.steps.size();
  step_ = StepMemory();
  step_.usage.exposure = product_.name;
  step_.usage.step = name;
  step_.usage.live_before = run_.live_bytes();
  step_.began_s = curve_.now_s();
  in_step_ = true;
  before_ = ledger_.kinds();
  ledger_.set_moment(TakenIn::moment(product_.product, static_cast<std::int64_t>(place)));
  ledger_.reset_peak();
  const ProcessSize size = curve_.mark(SampleEvent::step_begins, static_cast<std::int32_t>(place));
  step_.usage.resident_before = size.resident;
  step_.virtual_before = size.virtual_size;
}

void MemoryRecorder::begin_peak() { ledger_.reset_peak(); }

void MemoryRecorder::end_step(const StepUsage& usage) {
  const ProcessSize size = curve_.mark(SampleEvent::step_ends, static_cast<std::int32_t>(product_.steps.size()));
  const MemoryCurve::Extremes extremes = curve_.take_extremes();
  step_.usage = usage;
  step_.virtual_after = size.virtual_size;
  step_.virtual_peak = std::max({extremes.virtual_peak, step_.virtual_before, step_.virtual_after});
  step_.fullest = extremes.fullest;
  step_.kinds = kinds_since_begin();
  // A step that took and gave back nothing had its peak all the time.
  const bool is_still = !held_.empty() && ledger_.changes() == changes_;
  step_.at_peak = is_still ? held_ : ledger_.held_at_peak();
  step_.after = held();
  product_.steps.push_back(std::move(step_));
  in_step_ = false;
  ledger_.set_moment(TakenIn::moment(product_.product, -1));
}

ProductMemory MemoryRecorder::end_product(const std::string& outcome) {
  if (in_step_) {
    StepUsage usage = step_.usage;
    usage.outcome = outcome;
    usage.seconds = curve_.now_s() - step_.began_s;
    usage.live_peak = std::max(ledger_.peak_bytes(), usage.live_before);
    usage.live_after = run_.live_bytes();
    const ProcessMemory memory = process_memory();
    usage.resident_peak = std::max(memory.peak_resident, usage.resident_before);
    usage.resident_after = memory.resident;
    usage.budget = run_.limit_bytes();
    end_step(usage);
  }
  curve_.mark(SampleEvent::product_ends, -1);
  product_.outcome = outcome;
  product_.seconds = curve_.now_s() - product_.began_s;
  product_.after = resident_state(run_.live_bytes());
  product_.held_after = held();
  product_.samples = curve_.take_samples();
  return std::exchange(product_, ProductMemory());
}

/// Asks the ledger only when something has changed.
const std::vector<HeldBlocks>& MemoryRecorder::held() {
  if (const std::uint64_t changes = ledger_.changes(); held_.empty() || changes != changes_) {
    held_ = ledger_.held();
    changes_ = changes;
  }
  return held_;
}

/// What was allocated since the step began; kinds of which nothing was taken and nothing lives are left out.
std::vector<KindUse> MemoryRecorder::kinds_since_begin() {
  std::vector<KindUse> found;
  const std::vector<KindTotals> now = ledger_.kinds();
  for (std::size_t i = 0; i < now.size(); ++i) {
    const KindTotals before = i < before_.size() ? before_[i] : KindTotals();
    if (now[i].live_count == 0 && now[i].allocations == before.allocations) continue;
    found.push_back({now[i].kind, now[i].allocations - before.allocations, now[i].allocated_bytes - before.allocated_bytes,
                     now[i].live_count, now[i].live_bytes});
  }
  return found;
}

}  // namespace spec2::pipeline
