#include "pipeline/config/config_tree.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"

namespace spec2::pipeline {

std::string_view to_string(ParameterOrigin origin) noexcept {
  switch (origin) {
    case ParameterOrigin::default_value: return "default";
    case ParameterOrigin::reference_database: return "CRDS";
    case ParameterOrigin::file: return "file";
    case ParameterOrigin::command_line: return "command line";
  }
  return "default";
}

ConfigValue ConfigValue::of_text(std::string text, int line) {
  ConfigValue value;
  value.text = std::move(text);
  value.line = line;
  return value;
}

ConfigValue ConfigValue::section(int line) {
  ConfigValue value;
  value.kind = Kind::section;
  value.line = line;
  return value;
}

const ConfigValue* ConfigValue::find(std::string_view key) const noexcept {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.first == key; });
  return found == entries.end() ? nullptr : &found->second;
}

ConfigValue* ConfigValue::find(std::string_view key) noexcept {
  return const_cast<ConfigValue*>(static_cast<const ConfigValue*>(this)->find(key));
}

void ConfigValue::set(std::string key, ConfigValue value) {
  if (ConfigValue* known = find(key)) {
    *known = std::move(value);
  } else {
    entries.emplace_back(std::move(key), std::move(value));
  }
}

void ConfigValue::erase(std::string_view key) {
  std::erase_if(entries, [&](const auto& entry) { return entry.first == key; });
}

void merge(ConfigValue& base, const ConfigValue& over) {
  for (const auto& [key, value] : over.entries) {
    ConfigValue* known = base.find(key);
    if (known != nullptr && known->is_section() != value.is_section()) {
      throw Error(ErrorCause::user_input, fmt::format("'{}' is a section in one place and a value in another", key),
                  {.file = value.file, .keyword = key, .line = value.line}, "Write it as the default file of the pipeline does.");
    }
    if (known != nullptr && value.is_section()) {
      merge(*known, value);
    } else {
      base.set(key, value);
    }
  }
}

void mark(ConfigValue& tree, const std::string& file, ParameterOrigin origin) {
  tree.file = file;
  tree.origin = origin;
  for (auto& [key, value] : tree.entries) mark(value, file, origin);
}

}  // namespace spec2::pipeline
