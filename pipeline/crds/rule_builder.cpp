#include "pipeline/crds/rule_builder.hpp"

#include <algorithm>
#include <charconv>
#include <cctype>
#include <limits>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/crds/value_conditioning.hpp"

namespace spec2::pipeline {
namespace {

using Levels = std::vector<std::vector<std::string>>;

/// A key of a selector before conditioning: its parts (one for a plain text), each one or several values.
struct RawKey {
  std::vector<Literal> parts;
  bool is_tuple = false;
  std::string text;
  const Literal* choice = nullptr;
  const Literal* place = nullptr;
};

class Builder {
 public:
  Builder(const Mapping& mapping, const Substitutions& substitutions, const Levels& levels)
      : mapping_(mapping), substitutions_(substitutions), levels_(levels) {}

  Selector build(const Literal& call, std::size_t level) const {
    if (level >= levels_.size()) refuse(call, "selectors are nested deeper than the mapping has groups of keys");
    if (call.items.size() != 1 || call.items[0].kind != Literal::Kind::dict) refuse(call, "expected a dictionary of rules");
    Selector selector;
    selector.kind = kind_of(call);
    selector.parameters = levels_[level];
    for (const RawKey& raw : substituted(distinct(call.items[0]), selector.parameters)) {
      selector.rules.push_back(rule(selector, raw, level));
    }
    sort(selector, call);
    if (selector.kind == Selector::Kind::match) selector.valid_values = valid_values(selector);
    return selector;
  }

 private:
  static Selector::Kind kind_of(const Literal& call) {
    if (call.text == "Match") return Selector::Kind::match;
    if (call.text == "UseAfter") return Selector::Kind::use_after;
    return call.text == "VersionAfter" ? Selector::Kind::version_after : Selector::Kind::select_version;
  }

  /// Keys in their order; of equal ones the last choice counts, as in any Python dictionary.
  static std::vector<RawKey> distinct(const Literal& dict) {
    std::vector<RawKey> keys;
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
      const Literal& key = dict.items[i];
      RawKey raw{{}, key.is_sequence(), to_text(key), &dict.items[i + 1], &key};
      raw.parts = raw.is_tuple ? key.items : std::vector<Literal>{key};
      const auto [known, is_new] = seen.try_emplace(raw.text, keys.size());
      if (is_new) {
        keys.push_back(std::move(raw));
      } else {
        keys[known->second].choice = raw.choice;
      }
    }
    return keys;
  }

  /// Replaces values of keys; a rewritten key takes the place of an equal one.
  std::vector<RawKey> substituted(std::vector<RawKey> keys, const std::vector<std::string>& parameters) const {
    for (std::size_t which = 0; which < parameters.size(); ++which) {
      const auto table = substitutions_.find(parameters[which]);
      if (table == substitutions_.end()) continue;
      std::vector<RawKey> kept;
      std::map<std::string, RawKey> rewritten;
      for (RawKey& key : keys) {
        const std::size_t part = key.is_tuple ? which : 0;
        if (part >= key.parts.size()) refuse(*key.place, "the key has too few values");
        const auto found = key.parts[part].is_string() ? table->second.find(key.parts[part].text) : table->second.end();
        if (found == table->second.end()) {
          kept.push_back(std::move(key));
          continue;
        }
        key.parts[part] = replacement(found->second, *key.place);
        std::string key_text = text_of(key.parts);
        rewritten.insert_or_assign(std::move(key_text), std::move(key));
      }
      std::erase_if(kept, [&](const RawKey& key) { return rewritten.contains(text_of(key.parts)); });
      for (auto& [text, key] : rewritten) kept.push_back(std::move(key));
      keys = std::move(kept);
    }
    return keys;
  }

  static Literal replacement(const std::vector<std::string>& values, const Literal& place) {
    Literal result;
    result.line = place.line;
    result.column = place.column;
    result.kind = Literal::Kind::string;
    if (values.size() == 1) {
      result.text = values.front();
      return result;
    }
    Literal list = result;
    list.kind = Literal::Kind::tuple;
    for (const std::string& value : values) {
      result.text = value;
      list.items.push_back(result);
    }
    return list;
  }

  static std::string text_of(const std::vector<Literal>& parts) {
    std::string text;
    for (const Literal& part : parts) text += to_text(part) + '\x1f';
    return text;
  }

  Rule rule(const Selector& selector, const RawKey& raw, std::size_t level) const {
    Rule rule;
    rule.text = raw.text;
    switch (selector.kind) {
      case Selector::Kind::match: match_key(rule, selector, raw); break;
      case Selector::Kind::use_after: rule.date = text_key(raw); break;
      case Selector::Kind::version_after: {
        const auto version = version_numbers(text_key(raw));
        if (!version) refuse(*raw.place, fmt::format("'{}' is not a version", raw.text));
        rule.version = *version;
        break;
      }
      case Selector::Kind::select_version: version_relation(rule, raw); break;
    }
    const Literal& choice = *raw.choice;
    if (choice.is_string()) {
      rule.file = choice.text;
    } else if (choice.kind == Literal::Kind::call) {
      rule.nested.push_back(build(choice, level + 1));
    } else {
      refuse(choice, "a choice is neither a file name nor a selector");
    }
    return rule;
  }

  void match_key(Rule& rule, const Selector& selector, const RawKey& raw) const {
    if (raw.parts.size() != selector.parameters.size()) {
      refuse(*raw.place, fmt::format("the key has {} values for {} header keys", raw.parts.size(), selector.parameters.size()));
    }
    for (const Literal& part : raw.parts) {
      rule.key.push_back(conditioned(part));
      try {
        rule.matchers.emplace_back(rule.key.back());
      } catch (const Error& error) {
        refuse(part, error.problem());
      }
    }
  }

  static std::string conditioned(const Literal& part) {
    const auto joined = [](const std::vector<std::string>& values) {
      std::string text;
      for (const std::string& value : values) {
        if (&value != values.data()) text += '|';
        text += condition_value(value);
      }
      return text;
    };
    if (part.is_sequence()) {
      std::vector<std::string> values;
      for (const Literal& item : part.items) values.push_back(to_text(item));
      return joined(values);
    }
    const std::string text = to_text(part);
    const bool exact =
        text.size() > 1 && ((text.front() == '{' && text.back() == '}') || (text.front() == '(' && text.back() == ')'));
    if (!part.is_string()) return condition_value(text);
    return exact ? text : joined(or_parts(text));
  }

  std::string text_key(const RawKey& raw) const {
    if (!raw.place->is_string()) refuse(*raw.place, "expected a date or version as text");
    return raw.text;
  }

  void version_relation(Rule& rule, const RawKey& raw) const {
    std::string text = text_key(raw);
    std::string bare = text;
    std::erase(bare, '=');
    if (strip(bare) == "default") {
      rule.bound = std::numeric_limits<double>::max();
      return;
    }
    std::string_view rest = text;
    if (rest.starts_with('<')) rule.relation = '<';
    while (rest.starts_with('<') || rest.starts_with('=')) rest.remove_prefix(1);
    const auto number = python_float(rest);
    if (!number || text.starts_with("<=")) refuse(*raw.place, fmt::format("'{}' is not a version relation", text));
    rule.bound = *number;
  }

  void sort(Selector& selector, const Literal& place) const {
    const auto order = [](const Rule& a, const Rule& b) {
      return std::tie(a.key, a.date, a.version, a.bound, a.relation) < std::tie(b.key, b.date, b.version, b.bound, b.relation);
    };
    std::sort(selector.rules.begin(), selector.rules.end(), order);
    const auto twice = std::adjacent_find(selector.rules.begin(), selector.rules.end(),
                                          [&](const Rule& a, const Rule& b) { return !order(a, b) && !order(b, a); });
    if (twice != selector.rules.end()) refuse(place, fmt::format("the key {} appears twice", twice->text));
  }

  static Levels valid_values(const Selector& selector) {
    Levels values(selector.parameters.size());
    for (std::size_t i = 0; i < selector.parameters.size(); ++i) {
      std::set<std::string> used;
      bool listed = true;
      for (const Rule& rule : selector.rules) {
        if (is_esoteric(rule.key[i])) {
          listed = false;
          break;
        }
        for (std::string& part : or_parts(rule.key[i])) used.insert(std::move(part));
      }
      if (listed) values[i].assign(used.begin(), used.end());
    }
    return values;
  }

  [[noreturn]] void refuse(const Literal& place, const std::string& problem) const {
    throw Error(ErrorCause::reference, problem, {.file = mapping_.file.string(), .line = place.line, .column = place.column},
                "Fetch the mapping again into the CRDS cache.");
  }

  const Mapping& mapping_;
  const Substitutions& substitutions_;
  const Levels& levels_;
};

}  // namespace

Selector build_selector(const Mapping& mapping, const Substitutions& substitutions) {
  const Levels levels = parameter_levels(mapping);
  return Builder(mapping, substitutions, levels).build(mapping.selector, 0);
}

std::vector<std::vector<std::string>> parameter_levels(const Mapping& mapping) {
  Levels levels;
  const Literal* parkey = mapping.header.find("parkey");
  if (parkey != nullptr && parkey->is_sequence()) {
    for (const Literal& group : parkey->items) {
      if (!group.is_sequence()) {
        throw Error(ErrorCause::reference, "'parkey' is not made of groups of header keys",
                    {.file = mapping.file.string(), .line = group.line, .column = group.column}, "Fetch the mapping again.");
      }
      levels.emplace_back();
      for (const Literal& key : group.items) levels.back().push_back(to_text(key));
    }
    return levels;
  }
  throw Error(ErrorCause::reference, "the mapping does not say which header keys it looks at ('parkey')",
              {.file = mapping.file.string()}, "Fetch the mapping again into the CRDS cache.");
}

Substitutions read_substitutions(const Mapping& mapping) {
  Substitutions table;
  table["META.SUBARRAY.NAME"]["GENERIC"] = {"N/A"};
  table["SUBARRAY"]["GENERIC"] = {"N/A"};
  const Literal* given = mapping.header.find("substitutions");
  if (given == nullptr) return table;
  for (std::size_t i = 0; i + 1 < given->items.size(); i += 2) {
    auto& values = table[to_text(given->items[i])];
    values.clear();
    const Literal& pairs = given->items[i + 1];
    for (std::size_t j = 0; pairs.kind == Literal::Kind::dict && j + 1 < pairs.items.size(); j += 2) {
      std::vector<std::string>& replaced = values[to_text(pairs.items[j])];
      replaced.clear();
      if (pairs.items[j + 1].is_sequence()) {
        for (const Literal& item : pairs.items[j + 1].items) replaced.push_back(to_text(item));
      } else {
        replaced.push_back(to_text(pairs.items[j + 1]));
      }
    }
  }
  return table;
}

std::optional<std::array<long, 3>> version_numbers(std::string_view text) {
  std::array<long, 3> numbers{};
  std::size_t at = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::size_t begin = i == 0 ? 0 : at + 1;
    if (i > 0 && (at >= text.size() || text[at] != '.')) break;
    std::size_t end = begin;
    while (end < text.size() && end - begin < 8 && std::isdigit(static_cast<unsigned char>(text[end]))) ++end;
    if (end == begin) {
      if (i == 0) return std::nullopt;
      break;
    }
    std::from_chars(text.data() + begin, text.data() + end, numbers[i]);
    at = end;
  }
  const std::string_view rest = text.substr(at);
  const bool good = rest.size() <= 128 && std::all_of(rest.begin(), rest.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || std::string_view("_+-.").find(c) != std::string_view::npos;
  });
  if (!good) return std::nullopt;
  return numbers;
}

}  // namespace spec2::pipeline
