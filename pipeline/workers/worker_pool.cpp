#include "pipeline/workers/worker_pool.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "pipeline/workers/worker.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

/// How often a signal is looked for while nothing happens.
constexpr int kWaitMilliseconds = 100;

void check_single_thread() {
  std::error_code none;
  const auto threads = std::distance(fs::directory_iterator("/proc/self/task", none), fs::directory_iterator());
  if (threads <= 1) return;
  throw Error(ErrorCause::user_input, fmt::format("worker processes cannot be started: this process has {} threads", threads),
              {.keyword = "workers"}, "Start them before threads, or use the command spec2 run --workers");
}

/// Whether another try may end better: the process died, or the system failed it.
bool may_be_retried(const ProductResult& result) {
  return result.cause == ErrorCause::system || result.cause == ErrorCause::internal;
}

class WorkerPool {
 public:
  WorkerPool(const RunInputs& inputs, const RunObservers& observers,
             const std::function<void(std::size_t, EndedProduct)>& take)
      : inputs_(inputs), observers_(observers), take_(take), tries_(inputs.association.products.size()) {
    for (std::size_t i = 0; i < tries_.size(); ++i) waiting_.push_back(i);
    workers_.resize(std::min(inputs.options.workers, tries_.size()));
  }

  void run() {
    while (true) {
      pass_on_signal();
      give_work();
      if (!is_anything_at_work()) return;
      wait_for_messages();
    }
  }

 private:
  int signal_number() const { return observers_.cancel ? observers_.cancel->signal() : 0; }

  void pass_on_signal() {
    const int number = signal_number();
    if (number == 0 || std::exchange(signal_passed_, true)) return;
    for (const auto& worker : workers_) {
      if (worker) worker->signal(number);
    }
  }

  void give_work() {
    for (auto& worker : workers_) {
      if (waiting_.empty() || signal_number() != 0) return;
      if (worker && worker->product()) continue;
      if (!worker) worker = Worker::start(inputs_, workers_);
      worker->begin(waiting_.front());
      waiting_.pop_front();
    }
  }

  bool is_anything_at_work() const {
    return std::any_of(workers_.begin(), workers_.end(), [](const auto& worker) { return worker && worker->product(); });
  }

  void wait_for_messages() {
    std::vector<pollfd> handles;
    for (const auto& worker : workers_) handles.push_back({worker ? worker->handle() : -1, POLLIN, 0});
    if (::poll(handles.data(), handles.size(), kWaitMilliseconds) <= 0) return;
    for (std::size_t i = 0; i < handles.size(); ++i) {
      if (handles[i].revents != 0) take_message(workers_[i]);
    }
  }

  void take_message(std::unique_ptr<Worker>& worker) {
    const std::optional<std::size_t> product = worker->product();
    auto ended = worker->take_message(inputs_, observers_);
    if (ended && product) take(*product, std::move(*ended), worker);
    else if (worker->has_died()) worker.reset();
  }

  void take(std::size_t product, EndedProduct ended, std::unique_ptr<Worker>& worker) {
    const RunOptions& options = inputs_.options;
    const bool is_full = options.recycle_above > 0 && ended.result.resident_after > options.recycle_above;
    const bool is_old = options.recycle_after > 0 && worker->products_ended() >= options.recycle_after;
    if (worker->has_died() || is_full || is_old) worker.reset();
    if (may_be_retried(ended.result) && tries_[product] < options.retries && signal_number() == 0) {
      ++tries_[product];
      if (observers_.log) {
        Log(*observers_.log, ended.result.name).warning("is tried again ({} of {})", tries_[product], options.retries);
      }
      waiting_.push_back(product);
      return;
    }
    take_(product, std::move(ended));
  }

  const RunInputs& inputs_;
  const RunObservers& observers_;
  const std::function<void(std::size_t, EndedProduct)>& take_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::deque<std::size_t> waiting_;
  std::vector<std::size_t> tries_;
  bool signal_passed_ = false;
};

}  // namespace

void run_in_workers(const RunInputs& inputs, const RunObservers& observers,
                    const std::function<void(std::size_t index, EndedProduct ended)>& take) {
  check_single_thread();
  WorkerPool(inputs, observers, take).run();
}

}  // namespace spec2::pipeline
