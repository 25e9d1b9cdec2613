#include "pipeline/memory_report/trial_reading.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <functional>

#include "core/error.hpp"
#include "pipeline/memory_report/memory_report.hpp"

namespace spec2::pipeline {
namespace {

enum class Trial { yes, no, died };

constexpr unsigned kLongestSeconds = 300;

/// What `question` says in a copy of this process.
Trial in_child(const std::function<bool()>& question) {
  const pid_t process = ::fork();
  if (process < 0) return Trial::yes;  // without one it is asked here
  if (process == 0) {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::alarm(kLongestSeconds);
    // The C library tells of a heap that was destroyed; that is told by us.
    ::close(STDERR_FILENO);
    bool answer = false;
    try {
      answer = question();
    } catch (...) {
      answer = false;
    }
    ::_exit(answer ? 0 : 1);
  }
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status)) return Trial::died;
  return WEXITSTATUS(status) == 0 ? Trial::yes : Trial::no;
}

bool read_all(const std::filesystem::path& path) {
  const MemoryReport report(path);
  report.samples();
  for (std::size_t i = 0; i < report.exposures().size(); ++i) report.blocks_after_exposure(i);
  for (std::size_t i = 0; i < report.steps().size(); ++i) {
    report.kinds(i);
    report.blocks_at_peak(i);
    report.blocks_after_step(i);
  }
  return true;
}

}  // namespace

void try_reading(const std::filesystem::path& path) {
  if (in_child([&path] { return read_all(path); }) != Trial::died) return;
  throw Error(ErrorCause::data, "the memory report is damaged: HDF5 cannot read it", {.file = path.string()},
              "Give a file that spec2 run --memory-report wrote");
}

bool is_memory_report_on_trial(const std::filesystem::path& path) {
  return in_child([&path] { return is_memory_report(path); }) == Trial::yes;
}

}  // namespace spec2::pipeline
