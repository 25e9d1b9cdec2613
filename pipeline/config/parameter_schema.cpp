#include "pipeline/config/parameter_schema.hpp"

#include <cmath>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "pipeline/config/parameter_value.hpp"

namespace spec2::pipeline {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const ParameterValue& value) {
  return std::visit(
      [](const auto& held) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::monostate>) {
          return nullptr;
        } else {
          return held;
        }
      },
      value);
}

Json type_of(const ParameterSpec& spec) {
  switch (spec.type) {
    case ParameterType::boolean: return {{"type", "boolean"}};
    case ParameterType::integer: return {{"type", "integer"}};
    case ParameterType::real: return {{"type", "number"}};
    case ParameterType::integers: return {{"type", "array"}, {"items", {{"type", "integer"}}}};
    case ParameterType::reals: return {{"type", "array"}, {"items", {{"type", "number"}}}};
    case ParameterType::list:
    case ParameterType::forced_list: return {{"type", "array"}, {"items", {{"type", "string"}}}};
    default: return {{"type", "string"}};
  }
}

Json schema_of(const ParameterSpec& spec) {
  Json schema = type_of(spec);
  const bool array = schema["type"] == "array";
  if (std::isfinite(spec.least)) schema[array ? "minItems" : "minimum"] = spec.least;
  if (std::isfinite(spec.most)) schema[array ? "maxItems" : "maximum"] = spec.most;
  if (array && std::isfinite(spec.least)) schema["minItems"] = static_cast<int>(spec.least);
  if (array && std::isfinite(spec.most)) schema["maxItems"] = static_cast<int>(spec.most);
  const Json value = json_of(default_value(spec));
  if (!spec.choices.empty()) {
    Json choices = Json::array();
    for (std::size_t begin = 0; begin <= spec.choices.size();) {
      const std::size_t end = std::min(spec.choices.find('|', begin), spec.choices.size());
      choices.push_back(spec.choices.substr(begin, end - begin));
      begin = end + 1;
    }
    if (value.is_null()) choices.push_back(nullptr);
    schema["enum"] = std::move(choices);
  }
  if (value.is_null()) schema["type"] = Json::array({schema["type"], "null"});
  schema["default"] = value;
  schema["description"] = spec.help;
  return schema;
}

}  // namespace

nlohmann::ordered_json parameter_schema(const StepSpec& step, bool inside) {
  Json schema;
  if (!inside) schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = step.name.empty() ? step.alias : step.name;
  schema["type"] = "object";
  schema["additionalProperties"] = false;
  for (const ParameterSpec& parameter : all_parameters(step, inside)) {
    schema["properties"][std::string(parameter.name)] = schema_of(parameter);
  }
  if (step.steps.empty()) return schema;
  Json steps = {{"type", "object"}, {"additionalProperties", false}};
  for (const StepSpec* inner : step.steps) steps["properties"][std::string(inner->name)] = parameter_schema(*inner, true);
  schema["properties"]["steps"] = std::move(steps);
  return schema;
}

}  // namespace spec2::pipeline
