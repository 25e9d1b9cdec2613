#include "pipeline/report/console.hpp"

#include <unistd.h>

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "core/error.hpp"

namespace spec2::pipeline {
namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
    case LogLevel::critical: return spdlog::level::critical;
  }
  return spdlog::level::info;
}

std::string bar(std::size_t done, std::size_t all) {
  constexpr std::size_t kWidth = 24;
  const std::size_t filled = all == 0 ? 0 : done * kWidth / all;
  return std::string(filled, '#') + std::string(kWidth - filled, '.');
}

}  // namespace

struct Console::Loggers {
  std::shared_ptr<spdlog::logger> terminal;
  std::shared_ptr<spdlog::logger> file;
};

Console::Console(const Options& options) : options_(options), loggers_(std::make_unique<Loggers>()) {
  terminal_ = ::isatty(STDERR_FILENO) == 1;
  loggers_->terminal = std::make_shared<spdlog::logger>("spec2", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  loggers_->terminal->set_pattern("%^%l%$: %v");
  loggers_->terminal->set_level(spdlog_level(options_.level));
  if (options_.log_file.empty()) return;
  try {
    loggers_->file =
        std::make_shared<spdlog::logger>("spec2", std::make_shared<spdlog::sinks::basic_file_sink_mt>(options_.log_file));
  } catch (const spdlog::spdlog_ex& error) {
    throw Error(ErrorCause::system, "the log file cannot be written", {.file = options_.log_file}, error.what());
  }
  loggers_->file->set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
  loggers_->file->set_level(spdlog::level::debug);
  loggers_->file->flush_on(spdlog::level::warn);
}

Console::~Console() {
  clear_bar();
  if (loggers_->file) loggers_->file->flush();
}

void Console::write(LogLevel level, std::string_view scope, std::string_view message) {
  const std::lock_guard lock(lock_);
  if (level >= options_.level) clear_bar();
  const std::string line = scope.empty() ? std::string(message) : fmt::format("[{}] {}", scope, message);
  loggers_->terminal->log(spdlog_level(level), line);
  if (loggers_->file) loggers_->file->log(spdlog_level(level), line);
}

void Console::step_started(std::string_view product, std::size_t product_index, std::size_t product_count, std::string_view step,
                           std::size_t step_index, std::size_t step_count) {
  if (!options_.progress) return;
  const std::lock_guard lock(lock_);
  if (terminal_) {
    std::fprintf(stderr, "\r\033[K[%s] %zu/%zu %.*s %.*s", bar(step_index, step_count).c_str(), product_index + 1, product_count,
                 static_cast<int>(product.size()), product.data(), static_cast<int>(step.size()), step.data());
    std::fflush(stderr);
    bar_shown_ = true;
  } else {
    std::fprintf(stderr, "product %zu/%zu %.*s: step %zu/%zu %.*s\n", product_index + 1, product_count,
                 static_cast<int>(product.size()), product.data(), step_index + 1, step_count, static_cast<int>(step.size()),
                 step.data());
  }
}

void Console::integrations_done(std::string_view product, std::size_t done, std::size_t total) {
  if (!options_.progress || !terminal_) return;
  const std::lock_guard lock(lock_);
  std::fprintf(stderr, "\r\033[K[%s] %.*s integration %zu of %zu", bar(done, total).c_str(), static_cast<int>(product.size()),
               product.data(), done, total);
  std::fflush(stderr);
  bar_shown_ = true;
}

void Console::product_ended(std::string_view product, std::string_view outcome) {
  const std::lock_guard lock(lock_);
  clear_bar();
  if (options_.progress) {
    std::fprintf(stderr, "product %.*s: %.*s\n", static_cast<int>(product.size()), product.data(),
                 static_cast<int>(outcome.size()), outcome.data());
  }
}

void Console::clear_bar() {
  if (!bar_shown_) return;
  std::fputs("\r\033[K", stderr);
  bar_shown_ = false;
}

LogLevel parse_log_level(std::string_view text) {
  for (const LogLevel level : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error, LogLevel::critical}) {
    const auto name = spdlog::level::to_string_view(spdlog_level(level));
    if (text == std::string_view(name.data(), name.size())) return level;
  }
  throw Error(ErrorCause::user_input, fmt::format("'{}' is no log level", text), {.keyword = "--log-level"},
              "Use debug, info, warning, error or critical");
}

}  // namespace spec2::pipeline
