// Runs an association with a memory report and tells what it says, beside what an account tree of one's own holds:
// memory_report asn.json output_folder report.h5
#include <cstdio>

#include "core/memory/account.hpp"
#include "pipeline/memory_report/memory_texts.hpp"
#include "pipeline/runner/run.hpp"

namespace {

/// Who holds what now, in a tree of accounts that has a ledger.
void print_live_memory() {
  spec2::Account run("my program");
  const spec2::Ledger ledger(run);
  spec2::Account exposure("exposure a", run);
  const spec2::Reservation plane(exposure, 4096, "plane SCI");
  std::fputs(spec2::pipeline::partition_text(spec2::pipeline::partition_by_kind(ledger.held())).c_str(), stdout);
  std::fputs(spec2::pipeline::holders_text(ledger.held()).c_str(), stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  spec2::pipeline::RunOptions options;
  options.input = argv[1];
  options.output_dir = argv[2];
  options.memory_report = argv[3];
  try {
    const int code = spec2::pipeline::run(options).exit_code();
    const spec2::pipeline::MemoryReport report = spec2::pipeline::read_memory_report(argv[3]);
    const std::size_t fullest = spec2::pipeline::fullest_step(report, {});
    std::fputs(spec2::pipeline::usage_text(report).c_str(), stdout);
    std::fputs(spec2::pipeline::growth_text(report).c_str(), stdout);
    std::fputs(spec2::pipeline::partition_text(report, fullest).c_str(), stdout);
    std::fputs(spec2::pipeline::holders_text(report, fullest, "plane").c_str(), stdout);
    std::fputs(spec2::pipeline::difference_text(report).c_str(), stdout);
    print_live_memory();
    return code != 0 ? code : report.steps().empty() ? 1 : 0;
  } catch (const spec2::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return spec2::exit_code(error.cause());
  }
}
