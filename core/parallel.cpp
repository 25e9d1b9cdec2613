#include "core/parallel.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace spec2 {

struct WorkAhead::Work {
  enum class Stage : std::uint8_t { waiting, begun, done };
  explicit Work(std::function<void()> given) : call(std::move(given)) {}

  /// True for the one thread that shall do it, or that sees to it that nobody does.
  bool claim() noexcept {
    Stage expected = Stage::waiting;
    return stage.compare_exchange_strong(expected, Stage::begun);
  }
  void run() noexcept {
    try {
      call();
    } catch (...) {
      thrown = std::current_exception();
    }
    stage = Stage::done;
    stage.notify_all();
  }
  void wait() const noexcept {
    while (stage != Stage::done) stage.wait(Stage::begun);
  }

  std::function<void()> call;
  std::exception_ptr thrown;
  std::atomic<Stage> stage{Stage::waiting};
};

void WorkAhead::finish() const {
  if (!work_) return;
  if (work_->claim()) work_->run();
  else work_->wait();
  if (work_->thrown) std::rethrow_exception(work_->thrown);
}

bool WorkAhead::attempt() const noexcept {
  if (!work_ || !work_->claim()) return true;
  work_->run();
  return work_->thrown == nullptr;
}

void finish_all(std::span<const WorkAhead> work) {
  std::ranges::all_of(work, [](const WorkAhead& each) { return each.attempt(); });
  for (const WorkAhead& each : work) each.finish();
}

void WorkAhead::drop() noexcept {
  if (work_ && !work_->claim()) work_->wait();
  work_.reset();
}

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

  template <class Work>
  void offer(Work work, Wanted) {
    const std::lock_guard guard(lock);
    offered.emplace_back(std::move(work));
  }
  std::mutex lock;
  std::vector<std::jthread> offered;
};
#else
namespace {

/// Goes to another processor and leaves this one to a thread that waits for it.
void make_way() noexcept {
  cpu_set_t allowed, others;
  const int here = ::sched_getcpu();
  if (here < 0 || ::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  others = allowed;
  CPU_CLR(static_cast<std::size_t>(here), &others);
  if (CPU_COUNT(&others) == 0 || ::sched_setaffinity(0, sizeof others, &others) != 0) return;
  ::sched_setaffinity(0, sizeof allowed, &allowed);
}

#if defined(__SANITIZE_ADDRESS__)
/// What was offered and no thread has come upon when the process ends would be taken for a leak: waited for at the end. Nobody
/// else waits until threads have passed over what was done elsewhere or dropped: on a busy machine that takes 0.1 s.
class Unseen {
 public:
  Unseen() = default;
  ~Unseen() {
    for (std::size_t left = 0; (left = *count_) > 0;) count_->wait(left);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

  template <class Work>
  auto counted(Work work) {
    ++*count_;
    return [work = std::move(work), left = count_] {
      work();
      if (--*left == 0) left->notify_all();
    };
  }

 private:
  std::shared_ptr<std::atomic<std::size_t>> count_ = std::make_shared<std::atomic<std::size_t>>(0);
};
#else
struct Unseen {
  template <class Work>
  static Work counted(Work work) {
    return work;
  }
};
#endif

}  // namespace

struct Parallel::Pool {
  explicit Pool(std::size_t threads)
      : limit(tbb::global_control::max_allowed_parallelism, threads),
        arena(static_cast<int>(threads)),
        background(static_cast<int>(threads), 1, tbb::task_arena::priority::low) {
    begin_first_thread();
  }

  /// A new thread may be put on the processor of its maker though others are idle, and wait there until the scheduler's next
  /// tick: 4 ms, a twentieth of a whole run. One that does not begin at once is such a one.
  void begin_first_thread() {
    constexpr std::chrono::microseconds kAtOnce{150};
    const auto has_begun = std::make_shared<std::atomic<bool>>(false);
    offer([has_begun] { *has_begun = true; }, Wanted::soon);
    for (const auto made = std::chrono::steady_clock::now(); !*has_begun;) {
      if (std::chrono::steady_clock::now() - made < kAtOnce) continue;
      make_way();
      return;
    }
  }

  tbb::global_control limit;
  tbb::task_arena arena;
  tbb::task_arena background;  ///< its threads leave for the other arena as soon as that has work
  Unseen unseen;

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

  template <class Work>
  void offer(Work work, Wanted wanted) {
    (wanted == Wanted::soon ? arena : background).enqueue(unseen.counted(std::move(work)));
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

WorkAhead Parallel::ahead(std::function<void()> work, Wanted wanted) const {
  WorkAhead offered;
  offered.work_ = std::make_shared<WorkAhead::Work>(std::move(work));
  if (pool_) {
    pool_->offer([shared = offered.work_] {
      if (shared->claim()) shared->run();
    }, wanted);
  }
  return offered;
}

void Parallel::for_blocks(std::size_t count, std::size_t grain,
                          const std::function<void(std::size_t, std::size_t)>& work) const {
  const std::size_t step = std::max<std::size_t>(grain, 1);
  const std::size_t blocks = (count + step - 1) / step;
  for_each(blocks, [&](std::size_t block) { work(block * step, std::min(count, (block + 1) * step)); });
}

}  // namespace spec2
