#include "pipeline/config/configobj.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"

namespace spec2::pipeline {
namespace {

constexpr std::size_t kMostBytes = 4u << 20;
constexpr std::size_t kLongestLine = 65536;
constexpr std::size_t kDeepest = 16;
constexpr std::size_t kMostEntries = 4000;

std::string_view strip(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() > 1 && text.front() == text.back() && (text.front() == '"' || text.front() == '\'');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    begin = end + 1;
  }
  return lines;
}

/// [[name]] with its two numbers of brackets.
struct SectionLine {
  std::size_t open = 0;
  std::size_t closed = 0;
  std::string_view name;
};

/// Reads `line` as a section line; false when it is none.
bool section_line(std::string_view line, SectionLine& section) {
  line = strip(line);
  if (!line.starts_with('[')) return false;
  std::size_t at = 0;
  for (; at < line.size() && (line[at] == '[' || line[at] == ' ' || line[at] == '\t'); ++at) {
    section.open += line[at] == '[' ? 1 : 0;
  }
  const std::size_t name = at;
  if (at >= line.size()) return false;
  if (line[at] == '"' || line[at] == '\'') at = line.find(line[at], at + 1);  // brackets inside quotes are of the name
  for (std::size_t i = at == std::string_view::npos ? line.size() : at + 1; i < line.size();) {
    // The name ends where only closing brackets, blanks and a comment are left.
    std::size_t closed = 0;
    std::size_t end = i;
    while (end < line.size() && (line[end] == ']' || line[end] == ' ' || line[end] == '\t')) closed += line[end++] == ']' ? 1 : 0;
    if (closed > 0 && (end == line.size() || line[end] == '#')) {
      section.closed = closed;
      section.name = unquoted(strip(line.substr(name, i - name)));
      return !section.name.empty();
    }
    i = std::max(end, i + 1);
  }
  return false;
}

class Reader {
 public:
  Reader(std::string_view text, const std::filesystem::path& file) : file_(file) {
    if (text.size() > kMostBytes) {
      fail(0, fmt::format("the file is larger than {} bytes", kMostBytes), "This is not a parameter file.");
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") || text.find('\0') != std::string_view::npos) {
      fail(1, "the file is not UTF-8 text", "Save it as UTF-8.");
    }
    lines_ = lines_of(text);
  }

  ConfigValue read() {
    ConfigValue root = ConfigValue::section(1);
    open_ = {&root};
    for (at_ = 0; at_ < lines_.size(); ++at_) {
      const std::string_view line = strip(lines_[at_]);
      if (line.empty() || line.starts_with('#')) continue;
      if (line.size() > kLongestLine) {
        fail(number(), fmt::format("the line is longer than {} characters", kLongestLine), "This is not a parameter file.");
      }
      if (++entries_ > kMostEntries) {
        fail(number(), fmt::format("more than {} entries", kMostEntries), "This is not a parameter file.");
      }
      SectionLine section;
      if (section_line(line, section)) {
        open_section(section);
      } else {
        key_value(line);
      }
    }
    return root;
  }

 private:
  int number() const { return static_cast<int>(at_) + 1; }

  void open_section(const SectionLine& section) {
    if (section.open != section.closed) {
      fail(number(), fmt::format("{} opening and {} closing brackets", section.open, section.closed),
           "Write [a], [[b]] or [[[c]]].");
    }
    if (section.open > open_.size()) {
      fail(number(), fmt::format("section '{}' is nested too deep for the section above it", section.name),
           "A subsection has one pair of brackets more than the section it stands in.");
    }
    if (section.open > kDeepest) fail(number(), "sections are nested too deeply", "This is not a parameter file.");
    open_.resize(section.open);
    ConfigValue& parent = *open_.back();
    if (parent.find(section.name) != nullptr) {
      fail(number(), fmt::format("section '{}' appears twice", section.name), "Put all its keys into one section.");
    }
    parent.entries.emplace_back(std::string(section.name), ConfigValue::section(number()));
    open_.push_back(&parent.entries.back().second);
  }

  void key_value(std::string_view line) {
    std::size_t equals = std::string_view::npos;
    if (line.front() == '"' || line.front() == '\'') {
      const std::size_t close = line.find(line.front(), 1);
      if (close != std::string_view::npos) equals = line.find_first_not_of(" \t", close + 1);
      if (equals != std::string_view::npos && line[equals] != '=') equals = std::string_view::npos;
    } else if (line.front() != '=') {
      equals = line.find('=');
    }
    if (equals == std::string_view::npos) {
      fail(number(), fmt::format("'{}' is neither a section nor key = value", line.substr(0, 80)),
           "Separate key and value by '='.");
    }
    const int first_line = number();
    const std::string key(unquoted(strip(line.substr(0, equals))));
    ConfigValue value = value_of(strip(line.substr(equals + 1)), key);
    if (open_.back()->find(key) != nullptr) {
      fail(first_line, fmt::format("key '{}' appears twice", key), "Keep one of the lines.", key);
    }
    value.line = first_line;
    open_.back()->entries.emplace_back(key, std::move(value));
  }

  ConfigValue value_of(std::string_view text, const std::string& key) {
    for (const std::string_view quote : {"'''", "\"\"\""}) {
      if (text.starts_with(quote)) return ConfigValue::of_text(triple_quoted(text, quote, key));
    }
    auto value = parse_config_value(text);
    if (!value) {
      fail(number(), fmt::format("the value '{}' cannot be read", text.substr(0, 80)), "Check its quotes and commas.", key);
    }
    return *std::move(value);
  }

  std::string triple_quoted(std::string_view text, std::string_view quote, const std::string& key) {
    const int first_line = number();
    std::string value;
    std::string_view line = text.substr(3);
    for (;;) {
      const std::size_t close = line.find(quote);
      if (close != std::string_view::npos) {
        const std::string_view behind = strip(line.substr(close + 3));
        if (!behind.empty() && !behind.starts_with('#')) {
          fail(number(), "text behind the closing quotes", "Put a comment behind '#'.", key);
        }
        return value + std::string(line.substr(0, close));
      }
      value += line;
      value += '\n';
      if (++at_ >= lines_.size()) {
        fail(first_line, fmt::format("{} is not closed", quote), "Close it with the same three quotes.", key);
      }
      line = lines_[at_];
    }
  }

  [[noreturn]] void fail(int line, const std::string& problem, std::string_view advice, const std::string& key = {}) const {
    throw Error(ErrorCause::user_input, problem, {.file = file_.string(), .keyword = key, .line = line}, std::string(advice));
  }

  const std::filesystem::path& file_;
  std::vector<std::string_view> lines_;
  std::vector<ConfigValue*> open_;  ///< the sections around the current line; entries of `back()` are still added
  std::size_t at_ = 0;
  std::size_t entries_ = 0;
};

/// Sections from the outermost to that of a value.
using Scope = std::vector<const ConfigValue*>;

class Interpolator {
 public:
  void run(ConfigValue& section, Scope scope) {
    scope.push_back(&section);
    // Values are looked up as they were written, so results are put in at the end.
    std::vector<ConfigValue> results;
    for (auto& [key, value] : section.entries) results.push_back(resolved(key, value, scope));
    for (auto& [key, value] : section.entries) {
      if (value.is_section()) run(value, scope);
    }
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!section.entries[i].second.is_section()) section.entries[i].second = std::move(results[i]);
    }
  }

 private:
  ConfigValue resolved(const std::string& key, const ConfigValue& value, const Scope& scope) {
    if (value.kind == ConfigValue::Kind::text) {
      ConfigValue result = value;
      result.text = replaced(key, value.text, scope, value, 0);
      return result;
    }
    if (value.kind != ConfigValue::Kind::list) return value.is_section() ? ConfigValue{} : value;
    ConfigValue result = value;
    for (ConfigValue& item : result.items) {
      if (item.kind == ConfigValue::Kind::text) item.text = replaced(key, item.text, scope, value, 0);
    }
    return result;
  }

  std::string replaced(const std::string& key, const std::string& text, const Scope& scope, const ConfigValue& place, int depth) {
    if (depth > kDeepestChain || ++replacements_ > kMostReplacements) {
      fail(place, key, fmt::format("%({})s leads back to itself or through too many keys", key));
    }
    std::string result;
    std::size_t at = 0;
    for (;;) {
      const std::size_t open = text.find("%(", at);
      const std::size_t close = open == std::string::npos ? open : text.find(')', open);
      if (close == std::string::npos) return result + text.substr(at);
      if (close + 1 >= text.size() || text[close + 1] != 's') {
        result += text.substr(at, open + 2 - at);
        at = open + 2;
        continue;
      }
      result += text.substr(at, open - at);
      const std::string name = text.substr(open + 2, close - open - 2);
      Scope found_in = scope;
      const ConfigValue* value = look_up(name, found_in);
      if (value == nullptr || value->kind == ConfigValue::Kind::list) {
        fail(place, key, fmt::format("there is no key '{}' for %({})s", name, name));
      }
      result += replaced(name, value->text, found_in, place, depth + 1);
      if (result.size() > kLongestResult) fail(place, key, "the value becomes too long");
      at = close + 2;
    }
  }

  static const ConfigValue* look_up(const std::string& name, Scope& scope) {
    for (; !scope.empty(); scope.pop_back()) {
      const ConfigValue* value = scope.back()->find(name);
      if (value != nullptr && !value->is_section()) return value;
      const ConfigValue* defaults = scope.back()->find("DEFAULT");
      value = defaults == nullptr || !defaults->is_section() ? nullptr : defaults->find(name);
      if (value != nullptr && !value->is_section()) return value;
    }
    return nullptr;
  }

  [[noreturn]] static void fail(const ConfigValue& place, const std::string& key, const std::string& problem) {
    throw Error(ErrorCause::user_input, problem, {.file = place.file, .keyword = key, .line = place.line},
                "%(key)s takes the value of another key of the file; write the text itself.");
  }

  std::size_t replacements_ = 0;
  static constexpr std::size_t kMostReplacements = 20000;
  static constexpr int kDeepestChain = 20;
  static constexpr std::size_t kLongestResult = 65536;
};

}  // namespace

ConfigValue parse_configobj(std::string_view text, const std::filesystem::path& file) {
  ConfigValue tree = Reader(text, file).read();
  mark(tree, file.string(), ParameterOrigin::file);
  return tree;
}

void interpolate(ConfigValue& tree) { Interpolator().run(tree, {}); }

}  // namespace spec2::pipeline
