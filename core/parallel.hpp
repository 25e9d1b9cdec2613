#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace spec2 {

/// Runs independent pieces of work on a fixed number of threads. With one thread none is started and the pieces run in
/// order. Pieces must write to places of their own; sums over pieces are made by the caller afterwards in index order, so
/// that results are bitwise the same for any number of threads. The first exception (lowest index) is thrown again.
class Parallel {
 public:
  explicit Parallel(std::size_t threads = 1);
  ~Parallel();
  Parallel(Parallel&&) noexcept;
  Parallel& operator=(Parallel&&) noexcept;

  std::size_t threads() const noexcept { return threads_; }

  /// work(i) for i in [0, count).
  void for_each(std::size_t count, const std::function<void(std::size_t)>& work) const;

  /// work(begin, end) over [0, count) in pieces of `grain` items (the last may be smaller).
  void for_blocks(std::size_t count, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& work) const;

 private:
  struct Pool;
  std::size_t threads_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace spec2
