#include "pipeline/memory_report/product_memory_json.hpp"

#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace spec2::pipeline {
namespace {

using Json = nlohmann::json;

Json json_of(const ResidentState& state) { return {state.live, state.resident, state.virtual_size, state.parts}; }

ResidentState state_of(const Json& list) {
  return {list.at(0), list.at(1), list.at(2), list.at(3).get<std::array<std::int64_t, kResidentParts>>()};
}

Json json_of(const std::vector<HeldBlocks>& held) {
  Json list = Json::array();
  for (const HeldBlocks& each : held) {
    list.push_back({{"kind", each.kind}, {"holders", each.holders}, {"moment", each.moment}, {"count", each.count},
                    {"bytes", each.bytes}});
  }
  return list;
}

std::vector<HeldBlocks> held_of(const Json& list) {
  std::vector<HeldBlocks> held;
  for (const Json& each : list) {
    held.push_back({each.at("kind"), each.at("holders"), each.at("moment"), each.at("count"), each.at("bytes")});
  }
  return held;
}

Json json_of(const StepMemory& step) {
  const StepUsage& usage = step.usage;
  Json kinds = Json::array();
  for (const KindUse& kind : step.kinds) {
    kinds.push_back({kind.kind, kind.allocations, kind.allocated_bytes, kind.live_count, kind.live_bytes});
  }
  return {{"step", usage.step},
          {"outcome", usage.outcome},
          {"seconds", usage.seconds},
          {"live", {usage.live_before, usage.live_peak, usage.live_after}},
          {"resident", {usage.resident_before, usage.resident_peak, usage.resident_after}},
          {"virtual", {step.virtual_before, step.virtual_peak, step.virtual_after}},
          {"estimate", usage.estimate},
          {"budget", usage.budget},
          {"began", step.began_s},
          {"fullest", json_of(step.fullest)},
          {"kinds", std::move(kinds)},
          {"at_peak", json_of(step.at_peak)},
          {"after", json_of(step.after)}};
}

StepMemory step_of(const Json& tree, const std::string& exposure) {
  StepMemory step;
  StepUsage& usage = step.usage;
  usage.exposure = exposure;
  usage.step = tree.at("step");
  usage.outcome = tree.at("outcome");
  usage.seconds = tree.at("seconds");
  const Json &live = tree.at("live"), &resident = tree.at("resident"), &mapped = tree.at("virtual");
  usage.live_before = live.at(0);
  usage.live_peak = live.at(1);
  usage.live_after = live.at(2);
  usage.resident_before = resident.at(0);
  usage.resident_peak = resident.at(1);
  usage.resident_after = resident.at(2);
  step.virtual_before = mapped.at(0);
  step.virtual_peak = mapped.at(1);
  step.virtual_after = mapped.at(2);
  usage.estimate = tree.at("estimate");
  usage.budget = tree.at("budget");
  step.began_s = tree.at("began");
  step.fullest = state_of(tree.at("fullest"));
  for (const Json& kind : tree.at("kinds")) {
    step.kinds.push_back({kind.at(0), kind.at(1), kind.at(2), kind.at(3), kind.at(4)});
  }
  step.at_peak = held_of(tree.at("at_peak"));
  step.after = held_of(tree.at("after"));
  return step;
}

}  // namespace

std::string to_json(const ProductMemory& product) {
  Json steps = Json::array(), samples = Json::array();
  for (const StepMemory& step : product.steps) steps.push_back(json_of(step));
  for (const MemorySample& each : product.samples) {
    samples.push_back({each.time_s, each.live, each.resident, each.virtual_size, each.step, static_cast<int>(each.event)});
  }
  const Json tree = {{"product", product.product},
                     {"name", product.name},
                     {"outcome", product.outcome},
                     {"process", product.process},
                     {"began", product.began_s},
                     {"seconds", product.seconds},
                     {"after", json_of(product.after)},
                     {"held_after", json_of(product.held_after)},
                     {"steps", std::move(steps)},
                     {"samples", std::move(samples)}};
  return tree.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ProductMemory product_memory(std::string_view text) {
  ProductMemory product;
  try {
    const Json tree = Json::parse(text);
    product.product = tree.at("product");
    product.name = tree.at("name");
    product.outcome = tree.at("outcome");
    product.process = tree.at("process");
    product.began_s = tree.at("began");
    product.seconds = tree.at("seconds");
    product.after = state_of(tree.at("after"));
    product.held_after = held_of(tree.at("held_after"));
    for (const Json& step : tree.at("steps")) product.steps.push_back(step_of(step, product.name));
    for (const Json& each : tree.at("samples")) {
      product.samples.push_back({each.at(0), each.at(1), each.at(2), each.at(3), each.at(4),
                                 static_cast<SampleEvent>(each.at(5).get<int>())});
    }
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCause::internal, fmt::format("the memory of a product came in no known form: {}", error.what()));
  }
  return product;
}

}  // namespace spec2::pipeline
