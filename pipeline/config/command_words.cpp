#include "pipeline/config/command_words.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "pipeline/config/configobj.hpp"
#include "pipeline/config/nearest_name.hpp"
#include "pipeline/config/parameter_file.hpp"

namespace spec2::pipeline {
namespace {

/// Options of the peer's command beside the parameters, and whether a value follows.
struct Switch {
  std::string_view name;
  bool has_value;
};
constexpr std::array<Switch, 8> kSwitches = {{{"debug", false},
                                              {"save-parameters", true},
                                              {"disable-crds-steppars", false},
                                              {"logcfg", true},
                                              {"verbose", false},
                                              {"log-level", true},
                                              {"log-file", true},
                                              {"log-stream", true}}};

[[noreturn]] void refuse(std::string problem, std::string_view word, std::string advice = {}) {
  throw Error(ErrorCause::user_input, std::move(problem), {.keyword = std::string(word)}, std::move(advice));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

void add_names(std::vector<std::string>& names, const StepSpec& step, const std::string& start) {
  for (const ParameterSpec& parameter : all_parameters(step, !start.empty())) {
    names.push_back(start + std::string(parameter.name));
  }
  for (const StepSpec* inner : step.steps) add_names(names, *inner, fmt::format("{}steps.{}.", start, inner->name));
}

/// Puts a value into the tree under steps and name.
void put(ConfigValue& tree, const std::vector<std::string>& path, ConfigValue value) {
  ConfigValue* section = &tree;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    if (section->find(path[i]) == nullptr) {
      ConfigValue inner = ConfigValue::section();
      inner.origin = ParameterOrigin::command_line;
      section->set(path[i], std::move(inner));
    }
    section = section->find(path[i]);
  }
  value.origin = ParameterOrigin::command_line;
  section->set(path.back(), std::move(value));
}

ConfigValue value_of(std::string_view text, std::string_view word) {
  auto value = parse_config_value(text);
  if (!value) refuse(fmt::format("the value '{}' cannot be read", text), word, "Check its quotes and commas.");
  return *std::move(value);
}

/// Finds the option that a word means, also from its beginning.
std::string full_name(const std::string& given, const std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), given) != names.end()) return given;
  std::vector<std::string> candidates;
  for (const std::string& name : names) {
    if (name.starts_with(given)) candidates.push_back(name);
  }
  if (candidates.size() == 1) return candidates.front();
  if (candidates.empty()) refuse("there is no such option", "--" + given, did_you_mean(given, names));
  if (candidates.size() > 8) candidates.resize(8);
  refuse("the option could be several", "--" + given, fmt::format("Write one of --{} in full.", fmt::join(candidates, ", --")));
}

bool is_negative_number(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && word.find_first_not_of("0123456789.", 1) == std::string_view::npos;
}

class Reader {
 public:
  explicit Reader(const std::vector<std::string>& words) : words_(words) {}

  CommandWords read() {
    find_target();
    names_ = dotted_names(*result_.step);
    for (const Switch& option : kSwitches) names_.emplace_back(option.name);
    result_.parameters = ConfigValue::section();
    result_.parameters.origin = ParameterOrigin::command_line;
    bool target_seen = false;
    for (at_ = 0; at_ < words_.size(); ++at_) {
      const std::string& word = words_[at_];
      if (options_ended_ || word.size() < 2 || word[0] != '-' || is_negative_number(word)) {
        if (target_seen) result_.inputs.push_back(word);
        target_seen = true;
      } else if (word == "--") {
        options_ended_ = true;
      } else if (word == "-v") {
        result_.logging.emplace_back("verbose", "");
      } else {
        option(word);
      }
    }
    return std::move(result_);
  }

 private:
  /// The first word that is neither an option nor the value of one; which options take values is the same for all targets.
  void find_target() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const std::string& word = words_[i];
      if (word.starts_with("--") && word.size() > 2) {
        const bool with_value = word.find('=') == std::string::npos && !is_plain_switch(word.substr(2));
        i += with_value ? 1 : 0;
      } else if (!word.starts_with('-')) {
        result_.target = word;
        break;
      }
    }
    if (result_.target.empty()) {
      refuse("no configuration file or class is given", "", "Name a parameter file or calwebb_spec2 first.");
    }
    std::error_code error;
    if (!std::filesystem::exists(result_.target, error)) {
      result_.step = &step_of_class(result_.target);
      return;
    }
    result_.step = read_parameter_file(result_.target, ParameterOrigin::file).step;
    if (result_.step == nullptr) {
      refuse("the file does not say what it configures", result_.target, "Add class = jwst.pipeline.Spec2Pipeline.");
    }
  }

  static bool is_plain_switch(std::string_view name) {
    return std::any_of(kSwitches.begin(), kSwitches.end(),
                       [&](const Switch& option) { return !option.has_value && option.name.starts_with(name); });
  }

  void option(const std::string& word) {
    if (!word.starts_with("--")) refuse("there is no such option", word);
    const std::size_t equals = word.find('=');
    const std::string name = full_name(word.substr(2, equals == std::string::npos ? equals : equals - 2), names_);
    if (is_plain_switch(name) &&
        std::any_of(kSwitches.begin(), kSwitches.end(), [&](const Switch& option) { return option.name == name; })) {
      if (equals != std::string::npos) refuse("the option takes no value", word);
      plain_switch(name);
      return;
    }
    std::string text;
    if (equals != std::string::npos) {
      text = word.substr(equals + 1);
    } else if (at_ + 1 < words_.size() && (!words_[at_ + 1].starts_with('-') || is_negative_number(words_[at_ + 1]))) {
      text = words_[++at_];
    } else {
      refuse("a value is missing behind the option", word, "Write --name=value.");
    }
    if (name == "save-parameters") {
      result_.save_parameters = text;
    } else if (name.starts_with("log")) {
      const bool logging =
          std::any_of(kSwitches.begin(), kSwitches.end(), [&](const Switch& option) { return option.name == name; });
      if (logging) result_.logging.emplace_back(name, text);
      if (!logging) put(result_.parameters, split(name, '.'), value_of(text, word));
    } else {
      put(result_.parameters, split(name, '.'), value_of(text, word));
    }
  }

  void plain_switch(const std::string& name) {
    if (name == "disable-crds-steppars") {
      result_.use_reference_database = false;
    } else {
      result_.logging.emplace_back(name, "");
    }
  }

  const std::vector<std::string>& words_;
  std::vector<std::string> names_;
  CommandWords result_;
  std::size_t at_ = 0;
  bool options_ended_ = false;
};

/// "a=b" in two.
std::pair<std::string, std::string> halves(std::string_view assignment, std::string_view form) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    refuse("expected name and value", assignment, fmt::format("Write {}.", form));
  }
  return {std::string(assignment.substr(0, equals)), std::string(assignment.substr(equals + 1))};
}

void override_in(ConfigValue& overrides, const StepSpec& step, const std::vector<std::string>& path, const std::string& type,
                 const std::string& file, bool& used) {
  if (std::find(step.reference_types.begin(), step.reference_types.end(), type) != step.reference_types.end()) {
    std::vector<std::string> own = path;
    own.push_back("override_" + type);
    put(overrides, own, ConfigValue::of_text(file));
    used = true;
  }
  for (const StepSpec* inner : step.steps) {
    std::vector<std::string> below = path;
    below.insert(below.end(), {"steps", std::string(inner->name)});
    override_in(overrides, *inner, below, type, file, used);
  }
}

}  // namespace

std::vector<std::string> dotted_names(const StepSpec& root) {
  std::vector<std::string> names;
  add_names(names, root, "");
  return names;
}

CommandWords parse_command_words(const std::vector<std::string>& words) { return Reader(words).read(); }

void add_assignment(ConfigValue& overrides, std::string_view assignment, const StepSpec& root) {
  const auto [name, text] = halves(assignment, "--set step.name=value");
  std::vector<std::string> path;
  const StepSpec* step = &root;
  const std::vector<std::string> parts = split(name, '.');
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (parts[i] == "steps") continue;
    const StepSpec* inner = step->find_step(parts[i]);
    if (inner == nullptr) {
      std::vector<std::string> steps;
      for (const StepSpec* known : step->steps) steps.emplace_back(known->name);
      refuse(fmt::format("there is no step '{}'", parts[i]), assignment, did_you_mean(parts[i], steps));
    }
    step = inner;
    path.insert(path.end(), {"steps", parts[i]});
  }
  path.push_back(parts.back());
  put(overrides, path, value_of(text, assignment));
}

void add_reference_override(ConfigValue& overrides, std::string_view assignment, const StepSpec& root) {
  const auto [type, file] = halves(assignment, "--override type=file");
  bool used = false;
  override_in(overrides, root, {}, type, file, used);
  if (used) return;
  std::vector<std::string> types;
  for (const StepSpec* step : root.steps) types.insert(types.end(), step->reference_types.begin(), step->reference_types.end());
  refuse(fmt::format("no step uses reference type '{}'", type), assignment, did_you_mean(type, types));
}

}  // namespace spec2::pipeline
