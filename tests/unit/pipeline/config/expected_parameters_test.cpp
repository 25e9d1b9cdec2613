#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "pipeline/config/command_words.hpp"
#include "pipeline/config/configobj.hpp"
#include "pipeline/config/parameter_loader.hpp"
#include "pipeline/crds/value_conditioning.hpp"

namespace spec2::pipeline {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const fs::path kShared = SPEC2_SHARED_DIR;
const fs::path kFolder = kShared / "parameters";

json read_json(const fs::path& path) { return json::parse(std::ifstream(path)); }

std::string read_text(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// The tree as the expectations write it: everything text, lists and objects.
json json_of(const ConfigValue& value) {
  if (value.is_section()) {
    json object = json::object();
    for (const auto& [key, inner] : value.entries) object[key] = json_of(inner);
    return object;
  }
  if (value.kind != ConfigValue::Kind::list) return value.text;
  json list = json::array();
  for (const ConfigValue& item : value.items) list.push_back(json_of(item));
  return list;
}

json json_of(const ParameterValue& value) {
  if (const auto* number = std::get_if<double>(&value); number != nullptr && !std::isfinite(*number)) return python_str(*number);
  return std::visit(
      [](const auto& held) -> json {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::monostate>) {
          return nullptr;
        } else {
          return held;
        }
      },
      value);
}

/// Numbers and booleans compare as Python's do: 1 == 1.0 == True.
bool same(const json& a, const json& b) {
  const auto number = [](const json& value) {
    return value.is_boolean() ? (value.get<bool>() ? 1.0 : 0.0) : value.get<double>();
  };
  const bool numbers = (a.is_number() || a.is_boolean()) && (b.is_number() || b.is_boolean());
  return numbers ? number(a) == number(b) : a == b;
}

/// Files are completed from the folder of the file that names them; the expectations keep them relative.
void expect_changed(const ParameterSet& set, const json& expected, const fs::path& folder) {
  std::map<std::string, json> changed;
  for (const auto& [path, value] : set.changed()) {
    json own = json_of(value);
    if (path.ends_with("output_file")) {
      own = fs::path(own.get<std::string>()).lexically_relative(fs::absolute(folder).lexically_normal()).string();
    }
    changed[path] = std::move(own);
  }
  for (const auto& [path, value] : expected.items()) {
    ASSERT_TRUE(changed.contains(path)) << path;
    EXPECT_TRUE(same(changed[path], value)) << path << ": " << changed[path] << " and not " << value;
  }
  for (const auto& [path, value] : changed) EXPECT_TRUE(expected.contains(path)) << path << " = " << value;
}

TEST(ExpectedParameters, Files) {
  if (!fs::exists(kFolder / "cfg_expected.json")) GTEST_SKIP() << "the shared cases are not here";
  const json cases = read_json(kFolder / "cfg_expected.json");
  EXPECT_EQ(cases.size(), 89u);
  for (const json& one : cases) {
    const fs::path path = kFolder / one.at("file").get<std::string>();
    SCOPED_TRACE(path.string() + ": " + one.at("note").get<std::string>());
    try {
      ConfigValue tree = parse_configobj(read_text(path), path);
      interpolate(tree);
      EXPECT_TRUE(one.at("parse").at("ok").get<bool>());
      if (one.at("parse").at("ok")) {
        EXPECT_EQ(json_of(tree), one.at("parse").at("value"));
      }
    } catch (const Error& error) {
      EXPECT_FALSE(one.at("parse").at("ok").get<bool>()) << error.what();
    }
    const json& step = one.at("step");
    try {
      ParameterRequest request;
      request.file = path;
      request.class_line = ClassLine::required;
      const LoadedParameters loaded = load_parameters(request);
      ASSERT_TRUE(step.at("ok").get<bool>()) << step.dump();
      EXPECT_EQ(loaded.set.spec().class_name, step.at("class").get<std::string>());
      EXPECT_EQ(loaded.set.name(), step.at("name").get<std::string>());
      expect_changed(loaded.set, step.at("changed"), path.parent_path());
    } catch (const Error& error) {
      EXPECT_FALSE(step.at("ok").get<bool>()) << error.what();
      EXPECT_EQ(error.cause(), ErrorCause::user_input) << error.what();
    }
  }
}

TEST(ExpectedParameters, CommandLines) {
  if (!fs::exists(kFolder / "cmdline_expected.json")) GTEST_SKIP() << "the shared cases are not here";
  for (const json& one : read_json(kFolder / "cmdline_expected.json")) {
    SCOPED_TRACE(one.dump());
    auto words = one.at("args").get<std::vector<std::string>>();
    // The files are named relative to their folder.
    if (!words.empty() && words[0].ends_with(".cfg")) words[0] = (kFolder / "cfg" / words[0]).string();
    const json& expected = one.at("expected");
    try {
      const CommandWords command = parse_command_words(words);
      ParameterRequest request;
      request.step = command.step;
      if (fs::exists(command.target)) request.file = command.target;
      request.overrides = command.parameters;
      const LoadedParameters loaded = load_parameters(request);
      ASSERT_TRUE(expected.at("ok").get<bool>());
      expect_changed(loaded.set, expected.at("changed"), fs::current_path());
    } catch (const Error& error) {
      EXPECT_FALSE(expected.at("ok").get<bool>()) << error.what();
      EXPECT_EQ(exit_code(error.cause()), 2);
    }
  }
}

ConfigValue tree_of(const json& given) {
  ConfigValue value;
  if (given.is_object()) {
    value = ConfigValue::section();
    for (const auto& [key, inner] : given.items()) value.set(key, tree_of(inner));
  } else if (given.is_string()) {
    value.text = given.get<std::string>();
  } else {
    value.kind = given.is_boolean()          ? ConfigValue::Kind::boolean
                 : given.is_number_integer() ? ConfigValue::Kind::integer
                                             : ConfigValue::Kind::real;
    value.text = given.is_boolean() ? (given.get<bool>() ? "True" : "False") : given.dump();
  }
  value.origin = ParameterOrigin::command_line;
  return value;
}

TEST(ExpectedParameters, Precedence) {
  if (!fs::exists(kFolder / "precedence_expected.json")) GTEST_SKIP() << "the shared cases are not here";
  const json cases = read_json(kFolder / "precedence_expected.json");
  EXPECT_EQ(cases.size(), 64u);
  for (const json& one : cases) {
    SCOPED_TRACE(one.dump());
    const ReferenceSelector references = ReferenceSelector::open(kShared / "crds", one.at("context").get<std::string>());
    HeaderValues header;
    for (const auto& [key, value] : one.at("crds_parameters").items()) {
      value.is_boolean() ? header.set(key, value.get<bool>()) : header.set(key, value.get<std::string>());
    }
    ParameterRequest request;
    if (!one.at("disable_crds_steppars").get<bool>()) {
      request.references = &references;
      request.header = &header;
    }
    if (one.at("config_file").is_string()) request.file = kFolder / one.at("config_file").get<std::string>();
    request.overrides = tree_of(one.at("keywords"));
    const LoadedParameters loaded = load_parameters(request);
    EXPECT_TRUE(loaded.warnings.empty());
    ASSERT_TRUE(one.at("expected").at("ok").get<bool>());
    expect_changed(loaded.set, one.at("expected").at("changed"), kFolder);
  }
}

TEST(ExpectedParameters, TableIsThatOfThePeer) {
  if (!fs::exists(kFolder / "parameters.json")) GTEST_SKIP() << "the shared table is not here";
  const ParameterSet set = ParameterSet::resolve(spec2_pipeline(), ConfigValue::section());
  std::size_t count = 0;
  const json table = read_json(kFolder / "parameters.json");
  for (const json& one : table.at("parameters")) {
    std::string step = one.at("step").get<std::string>();
    std::replace(step.begin(), step.end(), '/', '.');
    const std::string key = one.at("key").get<std::string>();
    SCOPED_TRACE(step + " " + key);
    ++count;
    ASSERT_TRUE(set.step(step).has(key));
    EXPECT_TRUE(same(json_of(set.step(step).value(key)), one.at("default"))) << json_of(set.step(step).value(key));
  }
  EXPECT_EQ(count, 766u);
  std::size_t own = 0;
  for (const std::string& name : dotted_names(spec2_pipeline())) own += name.ends_with(".memory_budget") ? 1 : 0;
  EXPECT_EQ(dotted_names(spec2_pipeline()).size(), count + own);
}

}  // namespace
}  // namespace spec2::pipeline
