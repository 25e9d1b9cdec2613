#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>

namespace spec2 {

/// Work that a thread with nothing else to do may carry out before it is needed. Dropping it waits for a thread that is at it,
/// and leaves it undone when none began.
class WorkAhead {
 public:
  WorkAhead() = default;
  ~WorkAhead() { drop(); }
  WorkAhead(WorkAhead&&) noexcept = default;
  WorkAhead& operator=(WorkAhead&& other) noexcept {
    if (this != &other) {
      drop();
      work_ = std::move(other.work_);
    }
    return *this;
  }

  /// Returns when the work is done: does it here when nobody began, else waits for the thread that is at it. Throws what the work
  /// threw, each time it is called.
  void finish() const;

 private:
  friend class Parallel;
  friend void finish_all(std::span<const WorkAhead> work);
  /// Does it here when nobody began, and waits for nothing. False when it was done here and threw.
  bool attempt() const noexcept;
  struct Work;
  void drop() noexcept;
  std::shared_ptr<Work> work_;
};

/// Finishes all: does what nobody began before it waits for anything. Throws what the first in order threw.
void finish_all(std::span<const WorkAhead> work);

/// Runs independent pieces of work on a fixed number of threads. With one thread none is started and the pieces run in
/// order. Pieces must write to places of their own; sums over pieces are made by the caller afterwards in index order, so
/// that results are bitwise the same for any number of threads. The first exception (lowest index) is thrown again.
class Parallel {
 public:
  /// When work that is offered ahead is wanted: soon by somebody who will wait for it, or some time, which is done only while no
  /// thread has anything else to do.
  enum class Wanted : std::uint8_t { soon, some_time };

  explicit Parallel(std::size_t threads = 1);
  ~Parallel();
  Parallel(Parallel&&) noexcept;
  Parallel& operator=(Parallel&&) noexcept;

  std::size_t threads() const noexcept { return threads_; }

  /// work(i) for i in [0, count).
  void for_each(std::size_t count, const std::function<void(std::size_t)>& work) const;

  /// work(begin, end) over [0, count) in pieces of `grain` items (the last may be smaller).
  void for_blocks(std::size_t count, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& work) const;

  /// Offers work to the other threads, which take what is wanted equally soon in this order when they are free; with one thread
  /// it is done by `finish`. What it refers to must live until the result is finished or dropped.
  [[nodiscard]] WorkAhead ahead(std::function<void()> work, Wanted wanted = Wanted::soon) const;

 private:
  struct Pool;
  std::size_t threads_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace spec2
