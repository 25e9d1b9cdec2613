#include "pipeline/workers/messages.hpp"

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "pipeline/memory_report/product_memory_json.hpp"

namespace spec2::pipeline {
namespace {

using Json = nlohmann::json;

/// Names of files and texts of libraries need not be UTF-8.
std::string text_of(const Json& tree) { return tree.dump(-1, ' ', false, Json::error_handler_t::replace); }

EndedProduct ended_product(const Json& tree) {
  EndedProduct ended;
  ProductResult& result = ended.result;
  result.name = tree.at("name");
  result.outcome = static_cast<ProductOutcome>(tree.at("outcome").get<int>());
  result.reason = tree.at("reason");
  result.is_kept = tree.at("kept");
  result.seconds = tree.at("seconds");
  if (const int cause = tree.at("cause"); cause >= 0) result.cause = static_cast<ErrorCause>(cause);
  for (const Json& file : tree.at("files")) result.files.emplace_back(file.get<std::string>());
  result.live_after = tree.at("live_after");
  result.resident_after = tree.at("resident_after");
  if (const std::string record = tree.at("record"); !record.empty()) {
    ended.record = product_record(record);
    result.steps = ended.record->steps;
  }
  if (const std::string memory = tree.at("memory"); !memory.empty()) ended.memory = product_memory(memory);
  return ended;
}

}  // namespace

void MessageSender::write(LogLevel level, std::string_view scope, std::string_view message) {
  channel_.send(text_of({{"log", static_cast<int>(level)}, {"scope", scope}, {"message", message}}));
}

void MessageSender::step_started(std::string_view product, std::size_t product_index, std::size_t product_count,
                                 std::string_view step, std::size_t step_index, std::size_t step_count) {
  channel_.send(text_of({{"step", step}, {"index", step_index}, {"count", step_count}, {"product", product},
                         {"product_index", product_index}, {"product_count", product_count}}));
}

void MessageSender::integrations_done(std::string_view product, std::size_t done, std::size_t total) {
  channel_.send(text_of({{"integrations", done}, {"total", total}, {"product", product}}));
}

void MessageSender::ended(const EndedProduct& product) {
  const ProductResult& result = product.result;
  std::vector<std::string> files;
  for (const auto& file : result.files) files.push_back(file.string());
  channel_.send(text_of({{"name", result.name},
                         {"outcome", static_cast<int>(result.outcome)},
                         {"reason", result.reason},
                         {"kept", result.is_kept},
                         {"seconds", result.seconds},
                         {"cause", result.cause ? static_cast<int>(*result.cause) : -1},
                         {"files", files},
                         {"live_after", result.live_after},
                         {"resident_after", result.resident_after},
                         {"record", product.record ? to_json(*product.record) : std::string()},
                         {"memory", product.memory ? to_json(*product.memory) : std::string()}}));
}

Message pass_on(std::string_view text, const RunObservers& observers) {
  Message message;
  try {
    const Json tree = Json::parse(text);
    if (tree.contains("log")) {
      const std::string scope = tree.at("scope"), line = tree.at("message");
      if (observers.log) observers.log->write(static_cast<LogLevel>(tree.at("log").get<int>()), scope, line);
    } else if (tree.contains("step")) {
      message.step = tree.at("step");
      const std::string product = tree.at("product");
      if (observers.progress) {
        observers.progress->step_started(product, tree.at("product_index"), tree.at("product_count"), message.step,
                                         tree.at("index"), tree.at("count"));
      }
    } else if (tree.contains("integrations")) {
      const std::string product = tree.at("product");
      if (observers.progress) observers.progress->integrations_done(product, tree.at("integrations"), tree.at("total"));
    } else {
      message.ended = ended_product(tree);
    }
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCause::internal, fmt::format("a worker process sent what is no message: {}", error.what()));
  }
  return message;
}

}  // namespace spec2::pipeline
