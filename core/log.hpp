#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace spec2 {

enum class LogLevel { debug, info, warning, error, critical };

/// Where messages go. Library code gets one passed in and never prints; the command line gives one that writes to the
/// terminal and to --log-file. Must be safe to call from several threads.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void write(LogLevel level, std::string_view scope, std::string_view message) = 0;
};

/// A sink with a scope ("exposure/step"). Cheap to copy; one without a sink is silent.
class Log {
 public:
  Log() = default;
  Log(LogSink& sink, std::string scope) : sink_(&sink), scope_(std::move(scope)) {}

  Log scoped(std::string_view name) const;
  /// The same scope with another sink.
  Log with_sink(LogSink& sink) const { return {sink, scope_}; }
  LogSink* sink() const noexcept { return sink_; }

  template <class... Args>
  void debug(fmt::format_string<Args...> text, Args&&... args) const {
    write(LogLevel::debug, text, std::forward<Args>(args)...);
  }
  template <class... Args>
  void info(fmt::format_string<Args...> text, Args&&... args) const {
    write(LogLevel::info, text, std::forward<Args>(args)...);
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> text, Args&&... args) const {
    write(LogLevel::warning, text, std::forward<Args>(args)...);
  }
  template <class... Args>
  void error(fmt::format_string<Args...> text, Args&&... args) const {
    write(LogLevel::error, text, std::forward<Args>(args)...);
  }
  template <class... Args>
  void critical(fmt::format_string<Args...> text, Args&&... args) const {
    write(LogLevel::critical, text, std::forward<Args>(args)...);
  }

 private:
  template <class... Args>
  void write(LogLevel level, fmt::format_string<Args...> text, Args&&... args) const {
    if (sink_) sink_->write(level, scope_, fmt::format(text, std::forward<Args>(args)...));
  }

  LogSink* sink_ = nullptr;
  std::string scope_;
};

}  // namespace spec2
