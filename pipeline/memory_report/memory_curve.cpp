#include "pipeline/memory_report/memory_curve.hpp"

#include <signal.h>

#include <algorithm>
#include <new>
#include <utility>

namespace spec2::pipeline {

PeriodicCall::PeriodicCall(std::chrono::milliseconds period, std::function<void()> call) {
  // A thread begins with the signals blocked that are so here: those of the process go to the others.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this, period, call = std::move(call)] {
    std::unique_lock guard(lock_);
    auto next = std::chrono::steady_clock::now() + period;
    while (!wake_.wait_until(guard, next, [this] { return ends_; })) {
      call();
      next = std::max(next + period, std::chrono::steady_clock::now());
    }
  });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

PeriodicCall::~PeriodicCall() {
  {
    const std::lock_guard guard(lock_);
    ends_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

double MemoryCurve::now_s() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count(); }

ProcessSize MemoryCurve::mark(SampleEvent event, std::int32_t step) {
  const std::lock_guard guard(lock_);
  if (event == SampleEvent::step_begins) step_ = step;
  const ProcessSize size = sample(event);
  step_ = event == SampleEvent::step_begins ? step : -1;
  if (event == SampleEvent::step_begins) extremes_ = {};
  return size;
}

void MemoryCurve::tick() {
  const std::lock_guard guard(lock_);
  if (++periods_ % every_ != 0) return;
  try {
    if (samples_.size() >= kMostSamples) thin_out();
    sample(SampleEvent::periodic);
  } catch (const std::bad_alloc&) {
    // A point less.
  }
}

ProcessSize MemoryCurve::sample(SampleEvent event) {
  const ProcessSize size = process_size();
  const std::size_t live = run_.live_bytes();
  samples_.push_back({now_s(), live, size.resident, size.virtual_size, step_, event});
  extremes_.virtual_peak = std::max(extremes_.virtual_peak, size.virtual_size);
  if (event == SampleEvent::step_begins || size.resident <= extremes_.fullest.resident) return size;
  // The heap is not asked again where nothing has changed.
  if (size.resident != last_state_.resident || live != last_state_.live) last_state_ = resident_state(live);
  extremes_.fullest = last_state_;
  return size;
}

/// Leaves out every second of the periodic samples.
void MemoryCurve::thin_out() {
  bool keeps = false;
  std::erase_if(samples_, [&](const MemorySample& each) {
    if (each.event != SampleEvent::periodic) return false;
    keeps = !keeps;
    return !keeps;
  });
  every_ *= 2;
}

MemoryCurve::Extremes MemoryCurve::take_extremes() {
  const std::lock_guard guard(lock_);
  return std::exchange(extremes_, Extremes());
}

std::vector<MemorySample> MemoryCurve::take_samples() {
  const std::lock_guard guard(lock_);
  periods_ = 0;
  every_ = 1;
  return std::exchange(samples_, {});
}

}  // namespace spec2::pipeline
