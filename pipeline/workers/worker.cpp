#include "pipeline/workers/worker.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <system_error>
#include <utility>

#include "core/error.hpp"
#include "core/process_identity.hpp"
#include "datamodels/io/file_system.hpp"
#include "pipeline/runner/step_hooks.hpp"
#include "pipeline/version.hpp"
#include "pipeline/workers/messages.hpp"

namespace spec2::pipeline {
namespace {

CancelToken worker_cancel;

extern "C" void on_worker_signal(int number) { worker_cancel.request(number); }

/// The limits of the run are those of all workers together.
RunOptions share_of_worker(const RunOptions& options) {
  RunOptions share = options;
  if (share.memory_limit != Account::kUnlimited) share.memory_limit /= options.workers;
  share.reference_cache_limit /= options.workers;
  return share;
}

/// The life of a worker: products by number until there are no more.
void work(const RunInputs& inputs, Channel& channel) {
  const RunOptions options = share_of_worker(inputs.options);
  const RunInputs shared{options, inputs.association, inputs.selector, inputs.output_dir, inputs.began};
  MessageSender sender(channel);
  const RunRecord earlier(inputs.output_dir, options.command, Log());
  RunSession session(shared, {.log = &sender, .progress = &sender, .cancel = &worker_cancel}, Parallel(shared.options.threads));
  while (true) {
    const std::optional<std::string> message = channel.receive();
    if (!message) return;
    sender.ended(session.make(static_cast<std::size_t>(std::stoull(*message)), earlier));
  }
}

/// What the system says of the end of a process.
std::string ending(int status) {
  if (WIFSIGNALED(status)) return fmt::format("was ended by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

}  // namespace

std::unique_ptr<Worker> Worker::start(const RunInputs& inputs, std::span<const std::unique_ptr<Worker>> siblings) {
  auto [here, there] = Channel::make_pair();
  const pid_t parent = ::getpid();
  const pid_t process = ::fork();
  if (process < 0) {
    throw Error(ErrorCause::system, "cannot start a worker process: " + std::generic_category().message(errno), {},
                "Use fewer workers");
  }
  if (process > 0) return std::unique_ptr<Worker>(new Worker(std::move(here), process));
  // A worker does not outlive the run, nor does it hold a sibling's channel open.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(0);
  ::signal(SIGINT, on_worker_signal);
  ::signal(SIGTERM, on_worker_signal);
  here.close();
  for (const auto& sibling : siblings) {
    if (sibling) ::close(sibling->handle());
  }
  int code = 0;
  try {
    work(inputs, there);
  } catch (...) {
    code = exit_code(ErrorCause::internal);
  }
  // What the other process opened (logs, streams) is its own to close.
  ::_exit(code);
}

Worker::~Worker() {
  channel_.close();
  if (process_ > 0) wait();
}

void Worker::begin(std::size_t product) {
  product_ = product;
  step_.clear();
  channel_.send(std::to_string(product));
}

void Worker::signal(int number) const noexcept {
  if (process_ > 0) ::kill(process_, number);
}

int Worker::wait() noexcept {
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  return status;
}

std::optional<EndedProduct> Worker::take_message(const RunInputs& inputs, const RunObservers& observers) {
  const auto text = channel_.receive();
  if (!text) return obituary(inputs, observers);
  Message message = pass_on(*text, observers);
  if (!message.step.empty()) step_ = std::move(message.step);
  if (message.ended) {
    ++ended_;
    product_.reset();
  }
  return std::move(message.ended);
}

EndedProduct Worker::obituary(const RunInputs& inputs, const RunObservers& observers) {
  channel_.close();
  const pid_t process = process_;
  const int status = wait();
  io::remove_abandoned(inputs.output_dir);
  remove_hook_inputs(inputs.output_dir, process, machine_tag());
  EndedProduct ended;
  if (!product_) return ended;
  const Product& product = inputs.association.products[*product_];
  // A worker that was killed did nothing wrong itself: too little memory, or somebody's command.
  const bool was_killed = WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGTERM);
  Error error(was_killed ? ErrorCause::system : ErrorCause::internal, "the worker process " + ending(status), {},
              was_killed ? "When the system ran out of memory, set --memory or use fewer workers; --retry tries it again"
                         : "This is a defect of spec2; please report it");
  error.add_context(step_.empty() ? "setup" : step_, product.root.text);
  ended.result.name = product.root.text;
  ended.result.outcome = ProductOutcome::failed;
  ended.result.cause = error.cause();
  ended.result.reason = error.what();
  if (observers.log) Log(*observers.log, product.name).error("{}", error.what());
  ProductRecord& record = ended.record.emplace();
  record.name = product.root.text;
  record.status = to_string(ProductOutcome::failed);
  record.error = error.what();
  record.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : exit_code(error.cause());
  record.task = inputs.options.task;
  record.version = kVersion;
  record.started = record.ended = time_text(std::chrono::system_clock::now());
  return ended;
}

}  // namespace spec2::pipeline
