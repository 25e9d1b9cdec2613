#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/log.hpp"
#include "pipeline/report/progress.hpp"
#include "pipeline/runner/run_session.hpp"
#include "pipeline/workers/channel.hpp"

namespace spec2::pipeline {

/// The observers of a worker: what they are told goes to the process that started it.
class MessageSender final : public LogSink, public Progress {
 public:
  explicit MessageSender(Channel& channel) : channel_(channel) {}
  void write(LogLevel level, std::string_view scope, std::string_view message) override;
  void step_started(std::string_view product, std::size_t product_index, std::size_t product_count, std::string_view step,
                    std::size_t step_index, std::size_t step_count) override;
  void integrations_done(std::string_view product, std::size_t done, std::size_t total) override;
  void product_ended(std::string_view, std::string_view) override {}  // told by the process that collects all products
  void ended(const EndedProduct& product);

 private:
  Channel& channel_;
};

/// What a message said beyond what the observers were told.
struct Message {
  std::string step;                   ///< that began
  std::optional<EndedProduct> ended;
};

/// Reads a message and tells the observers. Throws Error(internal) for what is no message.
Message pass_on(std::string_view text, const RunObservers& observers);

}  // namespace spec2::pipeline
