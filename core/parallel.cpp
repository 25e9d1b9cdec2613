#include "core/parallel.hpp"

#include <algorithm>
#include <exception>
#include <vector>

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

// The thread sanitizer does not see how TBB, which was built without it, hands work to threads and waits for them: told here.
#if defined(__SANITIZE_THREAD__)
extern "C" void __tsan_acquire(void*);
extern "C" void __tsan_release(void*);
#define SPEC2_HAPPENS_BEFORE(token) __tsan_release(token)
#define SPEC2_HAPPENS_AFTER(token) __tsan_acquire(token)
#else
#define SPEC2_HAPPENS_BEFORE(token) static_cast<void>(token)
#define SPEC2_HAPPENS_AFTER(token) static_cast<void>(token)
#endif

namespace spec2 {

struct Parallel::Pool {
  explicit Pool(std::size_t threads)
      : limit(tbb::global_control::max_allowed_parallelism, threads), arena(static_cast<int>(threads)) {}
  tbb::global_control limit;
  tbb::task_arena arena;
};

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
  char given = 0, done = 0;  // their addresses stand for the hand-overs
  SPEC2_HAPPENS_BEFORE(&given);
  const auto run = [&](const tbb::blocked_range<std::size_t>& range) {
    SPEC2_HAPPENS_AFTER(&given);
    for (std::size_t i = range.begin(); i != range.end(); ++i) {
      try {
        work(i);
      } catch (...) {
        thrown[i] = std::current_exception();
      }
    }
    SPEC2_HAPPENS_BEFORE(&done);
  };
  // A piece may be split further. Its thread then waits for its own parts only: were it to begin another piece meanwhile, more
  // pieces than threads would hold memory.
  pool_->arena.execute([&] {
    tbb::this_task_arena::isolate(
        [&] { tbb::parallel_for(tbb::blocked_range<std::size_t>(0, count, 1), run, tbb::simple_partitioner()); });
  });
  SPEC2_HAPPENS_AFTER(&done);
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
