// The state of a folder for people and for programs.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/memory/byte_text.hpp"
#include "pipeline/batch/status.hpp"

namespace spec2::pipeline::batch {
namespace {

using Json = nlohmann::ordered_json;

constexpr ProductState kStates[] = {ProductState::done,    ProductState::skipped, ProductState::failed,
                                    ProductState::stopped, ProductState::running, ProductState::waiting};

std::string counts(const FolderStatus& status) {
  std::string text;
  for (const ProductState state : kStates) {
    const std::size_t count = status.count(state);
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, to_string(state));
  }
  return text;
}

std::string state_of(const BatchStatus& batch) {
  if (batch.is_gathered) return "has ended";
  if (batch.jobs.empty()) return "not submitted";
  return fmt::format("try {} of {}, jobs {}", batch.attempt + 1, batch.retries + 1, fmt::join(batch.jobs, " "));
}

std::string memory_text(std::size_t bytes) { return bytes == 0 ? "-" : byte_text(bytes); }

}  // namespace

std::string to_text(const FolderStatus& status) {
  std::string text = fmt::format("{}: {} products: {}\n", status.folder.string(), status.products.size(), counts(status));
  for (const BatchStatus& batch : status.batches) {
    text += fmt::format("batch {} ({}): {}: {}\n", batch.number, to_string(batch.engine), batch.association, state_of(batch));
  }
  std::size_t width = 7;
  for (const ProductStatus& one : status.products) width = std::max(width, one.name.size());
  text += fmt::format("{:<{}}  {:<8} {:>8} {:>9} {:>9}  {}\n", "product", width, "state", "seconds", "asked", "used", "why");
  for (const ProductStatus& one : status.products) {
    const std::string job = one.job.empty() || one.state == ProductState::done ? "" : "job " + one.job;
    text += fmt::format("{:<{}}  {:<8} {:>8.1f} {:>9} {:>9}  {}{}{}\n", one.name, width, to_string(one.state), one.seconds,
                        memory_text(one.asked_mib << 20), memory_text(one.peak_resident), job,
                        job.empty() || one.reason.empty() ? "" : ": ", one.reason);
  }
  return text;
}

std::string to_json(const FolderStatus& status) {
  Json counted = Json::object(), batches = Json::array(), products = Json::array();
  for (const ProductState state : kStates) counted[std::string(to_string(state))] = status.count(state);
  for (const BatchStatus& batch : status.batches) {
    batches.push_back({{"number", batch.number},
                       {"engine", to_string(batch.engine)},
                       {"association", batch.association},
                       {"attempt", batch.attempt},
                       {"retries", batch.retries},
                       {"gathered", batch.is_gathered},
                       {"jobs", batch.jobs}});
  }
  for (const ProductStatus& one : status.products) {
    products.push_back({{"name", one.name},
                        {"state", to_string(one.state)},
                        {"reason", one.reason},
                        {"exit_code", one.exit_code},
                        {"seconds", one.seconds},
                        {"task", one.task},
                        {"job", one.job},
                        {"memory_asked", one.asked_mib << 20},
                        {"memory_used", one.peak_resident}});
  }
  const Json tree{{"folder", status.folder.string()},
                  {"exit_code", status.exit_code()},
                  {"counts", counted},
                  {"batches", batches},
                  {"products", products}};
  return tree.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace spec2::pipeline::batch
