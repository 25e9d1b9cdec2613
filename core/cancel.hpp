#pragma once

#include <atomic>

#include "core/error.hpp"

namespace spec2 {

/// Set by a signal handler, looked at between pieces of work.
class CancelToken {
 public:
  /// `signal_number` 2 for SIGINT, 15 for SIGTERM. Safe in a signal handler.
  void request(int signal_number) noexcept { signal_.store(signal_number, std::memory_order_relaxed); }
  int signal() const noexcept { return signal_.load(std::memory_order_relaxed); }
  void check() const {
    if (signal() != 0) {
      throw Error(ErrorCause::interrupted, "stopped by a signal", {}, "Nothing was left half-written; run again");
    }
  }

 private:
  std::atomic<int> signal_{0};
};

}  // namespace spec2
