#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "core/log.hpp"
#include "pipeline/report/progress.hpp"

namespace spec2::pipeline {

/// The log and progress of the command line: messages from `level` on go to standard error, all of them with a time to the
/// log file when one is given. Progress is a bar redrawn in place on a terminal, elsewhere a plain line per step. Thread-safe.
class Console final : public LogSink, public Progress {
 public:
  struct Options {
    LogLevel level = LogLevel::info;
    std::string log_file;   ///< empty: none; appended to
    bool progress = true;
  };

  /// Throws Error(system) when the log file cannot be opened.
  explicit Console(const Options& options);
  ~Console() override;

  void write(LogLevel level, std::string_view scope, std::string_view message) override;
  void step_started(std::string_view product, std::size_t product_index, std::size_t product_count, std::string_view step,
                    std::size_t step_index, std::size_t step_count) override;
  void integrations_done(std::string_view product, std::size_t done, std::size_t total) override;
  void product_ended(std::string_view product, std::string_view outcome) override;

 private:
  struct Loggers;
  void clear_bar();

  Options options_;
  std::mutex lock_;
  std::unique_ptr<Loggers> loggers_;
  bool terminal_ = false;
  bool bar_shown_ = false;
};

/// "debug", "info", "warning", "error", "critical"; throws Error(user_input) for others.
LogLevel parse_log_level(std::string_view text);

}  // namespace spec2::pipeline
