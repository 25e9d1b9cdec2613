#include "pipeline/runner/memory_output.hpp"

#include <string>
#include <utility>

#include "pipeline/version.hpp"

namespace spec2::pipeline {
namespace {

RunFacts facts_of(const RunOptions& options) {
  std::string command;
  for (const std::string& word : options.command) command += (command.empty() ? "" : " ") + word;
  return {kVersion, time_text(std::chrono::system_clock::now()), command, options.memory_limit, options.threads, options.workers};
}

}  // namespace

MemoryOutput::MemoryOutput(const RunInputs& inputs, const Log& log) : log_(log), began_(inputs.began) {
  if (inputs.options.memory_report.empty()) return;
  writer_ = std::make_unique<MemoryReportWriter>(inputs.options.memory_report, facts_of(inputs.options));
}

void MemoryOutput::take(std::size_t index, const EndedProduct& ended) {
  if (!writer_) return;
  try {
    if (ended.memory) {
      writer_->append(*ended.memory);
      return;
    }
    ProductMemory unknown;
    unknown.product = index;
    unknown.name = ended.result.name;
    unknown.outcome = outcome_text(ended.result);
    unknown.seconds = ended.result.seconds;
    unknown.began_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count() - unknown.seconds;
    writer_->append(unknown);
  } catch (const Error& error) {
    give_up(error);
  }
}

std::optional<ErrorCause> MemoryOutput::finish() {
  if (!writer_) return failure_;
  try {
    writer_->finish();
  } catch (const Error& error) {
    give_up(error);
  }
  writer_.reset();
  return failure_;
}

void MemoryOutput::give_up(const Error& error) {
  log_.error("{}", error.what());
  failure_ = error.cause();
  writer_.reset();
}

}  // namespace spec2::pipeline
