#include "pipeline/batch/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

extern char** environ;

namespace spec2::pipeline::batch {
namespace {

using Clock = std::chrono::steady_clock;

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  ~Pipe() {
    close(0);
    close(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int reading() const noexcept { return ends_[0]; }
  int writing() const noexcept { return ends_[1]; }
  void close(std::size_t end) noexcept {
    if (ends_[end] >= 0) ::close(ends_[end]);
    ends_[end] = -1;
  }

 private:
  std::array<int, 2> ends_{};
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment_outside_jobs() {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const bool is_of_job = text.starts_with("SLURM_") && !text.starts_with("SLURM_CONF=");
    if (!is_of_job) entries.emplace_back(text);
  }
  return entries;
}

/// Takes what is there to read; false at the end.
bool read_some(int handle, std::string& text) {
  std::array<char, 4096> bytes{};
  const ssize_t count = ::read(handle, bytes.data(), bytes.size());
  if (count > 0) text.append(bytes.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

/// Reads both until they end; false when the time is over.
bool read_all(const Pipe& out, const Pipe& err, Clock::time_point end, ChildResult& result) {
  std::array<pollfd, 2> handles = {pollfd{out.reading(), POLLIN, 0}, pollfd{err.reading(), POLLIN, 0}};
  while (handles[0].fd >= 0 || handles[1].fd >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return false;
    if (::poll(handles.data(), handles.size(), static_cast<int>(std::min<long>(left, 1000))) <= 0) continue;
    if (handles[0].revents != 0 && !read_some(out.reading(), result.output)) handles[0].fd = -1;
    if (handles[1].revents != 0 && !read_some(err.reading(), result.errors)) handles[1].fd = -1;
  }
  return true;
}

}  // namespace

std::optional<ChildResult> run_child(const std::vector<std::string>& words, std::chrono::milliseconds time_limit,
                                     const std::filesystem::path& folder) {
  std::vector<std::string> arguments = words, environment = environment_outside_jobs();
  const std::vector<char*> argument_pointers = pointers_to(arguments), environment_pointers = pointers_to(environment);
  Pipe out, err;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out.writing(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err.writing(), STDERR_FILENO);
  if (!folder.empty()) ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  pid_t child = 0;
  const int why =
      ::posix_spawnp(&child, arguments.front().c_str(), &actions, nullptr, argument_pointers.data(), environment_pointers.data());
  ::posix_spawn_file_actions_destroy(&actions);
  out.close(1);
  err.close(1);
  if (why != 0) return std::nullopt;
  ChildResult result;
  const bool is_in_time = read_all(out, err, Clock::now() + time_limit, result);
  if (!is_in_time) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!is_in_time) return std::nullopt;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace spec2::pipeline::batch
