#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "pipeline/runner/run_session.hpp"
#include "pipeline/workers/channel.hpp"

namespace spec2::pipeline {

/// A process that makes products of a run, one at a time, seen from the process that started it. It is a copy (fork) of that
/// process, so that it knows the association and all options; what it says, shows and makes comes back as messages.
class Worker {
 public:
  /// Starts the process. `siblings` are the other workers, whose channels it must not hold open. Throws Error(system).
  static std::unique_ptr<Worker> start(const RunInputs& inputs, std::span<const std::unique_ptr<Worker>> siblings);
  /// Lets the process end after its product, and waits for that.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  int handle() const noexcept { return channel_.handle(); }
  /// The product at work.
  std::optional<std::size_t> product() const noexcept { return product_; }
  std::size_t products_ended() const noexcept { return ended_; }

  void begin(std::size_t product);
  void signal(int number) const noexcept;

  /// Takes the next message: passes on what is for the observers, gives a product that has ended. When the process has died
  /// this is told as the failure of its product.
  std::optional<EndedProduct> take_message(const RunInputs& inputs, const RunObservers& observers);
  bool has_died() const noexcept { return process_ < 0; }

 private:
  Worker(Channel channel, pid_t process) noexcept : channel_(std::move(channel)), process_(process) {}
  EndedProduct obituary(const RunInputs& inputs, const RunObservers& observers);
  int wait() noexcept;

  Channel channel_;
  pid_t process_;
  std::optional<std::size_t> product_;
  std::string step_;  ///< in which it is
  std::size_t ended_ = 0;
};

}  // namespace spec2::pipeline
