#pragma once

#include <mutex>
#include <unordered_set>

#include "core/log.hpp"

namespace spec2::pipeline {

/// Passes each message on once: what a step says of every block of integrations is said of the exposure.
class RepeatFilter final : public LogSink {
 public:
  explicit RepeatFilter(const Log& target) : target_(target.sink()) {}
  void write(LogLevel level, std::string_view scope, std::string_view message) override;

 private:
  LogSink* target_;
  std::mutex lock_;
  std::unordered_set<std::size_t> passed_;  ///< hashes, so that it stays small
};

}  // namespace spec2::pipeline
