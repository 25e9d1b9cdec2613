#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/memory/account.hpp"
#include "core/memory/resident.hpp"
#include "pipeline/memory_report/product_memory.hpp"

namespace spec2::pipeline {

/// Calls a function every `period` from a thread of its own, which takes no signals, until it is destroyed.
class PeriodicCall {
 public:
  PeriodicCall(std::chrono::milliseconds period, std::function<void()> call);
  ~PeriodicCall();
  PeriodicCall(const PeriodicCall&) = delete;
  PeriodicCall& operator=(const PeriodicCall&) = delete;

 private:
  std::mutex lock_;
  std::condition_variable wake_;
  bool ends_ = false;
  std::thread thread_;
};

/// Collects the samples of one product: every 50 ms, and when it is told to. Safe from several threads.
class MemoryCurve {
 public:
  static constexpr std::chrono::milliseconds kPeriod{50};
  /// A product that takes longer than this many periods (55 minutes) is sampled more sparsely, so that its samples fit.
  static constexpr std::size_t kMostSamples = 65536;

  MemoryCurve(const Account& run, std::chrono::steady_clock::time_point began) : run_(run), began_(began) {}

  double now_s() const;
  /// Takes a sample; the samples that follow belong to `step`.
  ProcessSize mark(SampleEvent event, std::int32_t step);
  /// A sample of the present step.
  void tick();

  /// The fullest moment (most resident memory) and the largest virtual size of the samples since a step began, its first one not
  /// among them.
  struct Extremes {
    ResidentState fullest;
    std::size_t virtual_peak = 0;
  };
  Extremes take_extremes();
  /// All samples since the last product.
  std::vector<MemorySample> take_samples();

 private:
  ProcessSize sample(SampleEvent event);
  void thin_out();

  const Account& run_;
  std::chrono::steady_clock::time_point began_;
  std::mutex lock_;
  std::vector<MemorySample> samples_;
  Extremes extremes_;
  ResidentState last_state_;
  std::int32_t step_ = -1;
  std::size_t periods_ = 0;      ///< since the product began
  std::size_t every_ = 1;        ///< periods from one sample to the next
};

}  // namespace spec2::pipeline
