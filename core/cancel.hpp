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

  /// While one lives, the process must not be ended at once: files are being named, all or none.
  class Uninterruptible {
   public:
    explicit Uninterruptible(const CancelToken& token) noexcept : token_(token) { token_.guards_.fetch_add(1); }
    ~Uninterruptible() { token_.guards_.fetch_sub(1); }
    Uninterruptible(const Uninterruptible&) = delete;
    Uninterruptible& operator=(const Uninterruptible&) = delete;

   private:
    const CancelToken& token_;
  };
  bool may_end_at_once() const noexcept { return guards_.load() == 0; }

 private:
  std::atomic<int> signal_{0};
  mutable std::atomic<int> guards_{0};
};

}  // namespace spec2
