#include <malloc.h>

#include <csignal>
#include <cstdlib>

#include "core/cancel.hpp"
#include "pipeline/cli/command_line.hpp"

namespace {

spec2::CancelToken cancel;

/// The first signal asks the run to stop at the next safe point; a second one ends the process at once, which leaves only
/// temporary files behind, never half a product.
extern "C" void on_signal(int number) {
  if (cancel.signal() != 0 && cancel.may_end_at_once()) std::_Exit(128 + number);
  cancel.request(number);
}

/// Lists of some hundred thousand values are made and given back many times in a run: their pages stay with the process until
/// the end of a product, when free memory goes back to the system. Planes do not come from this heap. It grows by 4 MiB at a
/// time: to make it larger a thread waits for those that are being given pages.
void keep_heap_pages() {
  mallopt(M_MMAP_THRESHOLD, 16 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_TOP_PAD, 4 << 20);
}

}  // namespace

int main(int argc, char** argv) {
  keep_heap_pages();
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  // A full disk and a closed pipe are errors with a message here, not deaths by signal.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  return spec2::pipeline::run_command_line(argc, argv, cancel);
}
