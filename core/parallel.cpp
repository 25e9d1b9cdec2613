#include "core/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace spec2 {

#if defined(__SANITIZE_THREAD__)
// The thread sanitizer does not see how TBB, which was built without it, hands work to threads and waits for them, and takes that
// for races. Here it watches plain threads; pieces taken in relaxed order have nothing between them that would hide a race.
struct Parallel::Pool {
  explicit Pool(std::size_t threads) : threads(threads) {}
  std::size_t threads;

  template <class Work>
  void run(std::size_t count, const Work& work) {
    std::atomic<std::size_t> next = 0;
    const auto take_pieces = [&] {
      for (std::size_t i = 0; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) work(i);
    };
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(threads, count); ++i) others.emplace_back(take_pieces);
    take_pieces();
  }
};
#else
struct Parallel::Pool {
  explicit Pool(std::size_t threads)
      : limit(tbb::global_control::max_allowed_parallelism, threads), arena(static_cast<int>(threads)) {}
  tbb::global_control limit;
  tbb::task_arena arena;

  /// A piece may be split further. Its thread then waits for its own parts only: were it to begin another piece meanwhile, more
  /// pieces than threads would hold memory.
  template <class Work>
  void run(std::size_t count, const Work& work) {
    const auto run_range = [&](const tbb::blocked_range<std::size_t>& range) {
      for (std::size_t i = range.begin(); i != range.end(); ++i) work(i);
    };
    arena.execute([&] {
      tbb::this_task_arena::isolate(
          [&] { tbb::parallel_for(tbb::blocked_range<std::size_t>(0, count, 1), run_range, tbb::simple_partitioner()); });
    });
  }
};
#endif

Parallel::Parallel(std::size_t threads)
    : threads_(std::max<std::size_t>(threads, 1)), pool_(threads_ > 1 ? std::make_unique<Pool>(threads_) : nullptr) {}
Parallel::~Parallel() = default;
Parallel::Parallel(Parallel&&) noexcept = default;
Parallel& Parallel::operator=(Parallel&&) noexcept = default;

void Parallel::for_each(std::size_t count, const std::function<void(std::size_t)>& work) const {
  if (!pool_ || count < 2) {
    for (std::size_t i = 0; i < count; ++i) work(i);
    return;
  }
  std::vector<std::exception_ptr> thrown(count);
  pool_->run(count, [&](std::size_t i) {
    try {
      work(i);
    } catch (...) {
      thrown[i] = std::current_exception();
    }
  });
  for (const std::exception_ptr& error : thrown) {
    if (error) std::rethrow_exception(error);
  }
}

void Parallel::for_blocks(std::size_t count, std::size_t grain,
                          const std::function<void(std::size_t, std::size_t)>& work) const {
  const std::size_t step = std::max<std::size_t>(grain, 1);
  const std::size_t blocks = (count + step - 1) / step;
  for_each(blocks, [&](std::size_t block) { work(block * step, std::min(count, (block + 1) * step)); });
}

}  // namespace spec2
