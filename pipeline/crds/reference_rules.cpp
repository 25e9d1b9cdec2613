#include "pipeline/crds/reference_rules.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "pipeline/crds/observation_date.hpp"
#include "pipeline/crds/rule_builder.hpp"
#include "pipeline/crds/value_conditioning.hpp"

namespace spec2::pipeline {
namespace {

const std::string kUndefined = "UNDEFINED";

/// What a selector answers. A failed lookup lets the enclosing Match try its next best rules, any other failure does not.
struct Answer {
  enum class Kind { found, lookup_failed, failed } kind = Kind::failed;
  std::string text;  ///< file name, or the reason
  std::string rule;
};

Answer failed(std::string reason) { return {Answer::Kind::failed, std::move(reason), {}}; }
Answer lookup_failed(std::string reason) { return {Answer::Kind::lookup_failed, std::move(reason), {}}; }

/// A rule among others of the same selector or of several merged ones.
struct Candidate {
  const Rule* rule = nullptr;
  std::string parent;  ///< text of the Match rule it stands under
};

std::string joined(const std::string& parent, const std::string& own) { return parent.empty() ? own : parent + " : " + own; }

class Chooser {
 public:
  Chooser(const std::map<std::string, std::string, std::less<>>& header, const Substitutions& substitutions, bool merge_overlaps)
      : header_(header), substitutions_(substitutions), merge_overlaps_(merge_overlaps) {}

  Answer choose(const Selector& selector, const std::string& parent) const {
    if (selector.kind == Selector::Kind::match) return match(selector, parent);
    std::vector<Candidate> candidates;
    for (const Rule& rule : selector.rules) candidates.push_back({&rule, parent});
    if (selector.kind == Selector::Kind::select_version) return select_version(selector, candidates);
    return ordered(selector, candidates);
  }

 private:
  const std::string& value_of(const std::string& parameter) const {
    const auto found = header_.find(parameter);
    return found == header_.end() ? kUndefined : found->second;
  }

  Answer choice(const Candidate& candidate, const std::string& text) const {
    const std::string rule = joined(candidate.parent, text);
    if (candidate.rule->nested.empty()) return {Answer::Kind::found, candidate.rule->file, rule};
    return choose(candidate.rule->nested.front(), rule);
  }

  Answer match(const Selector& selector, const std::string& parent) const {
    for (std::size_t i = 0; i < selector.parameters.size(); ++i) {
      const std::string& value = value_of(selector.parameters[i]);
      if (!is_valid(selector.parameters[i], value, selector.valid_values[i], 0)) {
        return failed(
            fmt::format("{} = '{}' is not one of {}", selector.parameters[i], value, fmt::join(selector.valid_values[i], ", ")));
      }
    }
    for (const auto& [negative_weight, group] : groups(selector)) {
      Answer answer = from_group(group, parent);
      if (answer.kind != Answer::Kind::lookup_failed) return answer;
    }
    return lookup_failed("no rule matches the header");
  }

  /// Rules that take the header, by weight, the highest first (the key is its negative).
  std::map<int, std::vector<const Rule*>> groups(const Selector& selector) const {
    std::map<int, std::vector<const Rule*>> result;
    for (const Rule& rule : selector.rules) {
      int weight = 0;
      bool takes = true;
      for (std::size_t i = 0; takes && i < rule.matchers.size(); ++i) {
        const MatchResult result_of_key = rule.matchers[i].match(value_of(selector.parameters[i]));
        takes = result_of_key != MatchResult::no_match;
        if (result_of_key == MatchResult::matches) ++weight;
      }
      if (takes) result[-weight].push_back(&rule);
    }
    return result;
  }

  Answer from_group(const std::vector<const Rule*>& group, const std::string& parent) const {
    if (group.size() == 1) return choice({group.front(), parent}, group.front()->text);
    std::vector<std::string> keys;
    for (const Rule* rule : group) keys.push_back(rule->text);
    if (!merge_overlaps_) return failed(fmt::format("several rules match equally well: {}", fmt::join(keys, "; ")));
    if (group.front()->nested.empty()) {
      std::vector<std::string> files;
      for (const Rule* rule : group) files.push_back(rule->nested.empty() ? rule->file : "a selector");
      return failed(
          fmt::format("several rules of equal weight name references ({}): {}", fmt::join(files, ", "), fmt::join(keys, "; ")));
    }
    return merged(group, parent);
  }

  /// The selectors of several rules taken as one: the union of their dates (or versions).
  Answer merged(const std::vector<const Rule*>& group, const std::string& parent) const {
    const Selector& first = group.front()->nested.front();
    const bool mergeable = first.kind == Selector::Kind::use_after || first.kind == Selector::Kind::version_after;
    std::map<std::tuple<std::string, std::array<long, 3>>, Candidate> union_of_rules;
    for (const Rule* rule : group) {
      if (rule->nested.empty() || rule->nested.front().kind != first.kind || !mergeable) {
        return failed(fmt::format("rules of equal weight cannot be merged, as {} is of another kind than {}", rule->text,
                                  group.front()->text));
      }
      for (const Rule& own : rule->nested.front().rules) {
        const Candidate candidate{&own, joined(parent, rule->text)};
        const auto [known, is_new] = union_of_rules.try_emplace({own.date, own.version}, candidate);
        if (is_new) continue;
        if (!own.nested.empty() || !known->second.rule->nested.empty()) {
          return failed(fmt::format("rules of equal weight cannot be merged at {}", own.text));
        }
        if (own.file > known->second.rule->file) known->second = candidate;
      }
    }
    std::vector<Candidate> candidates;
    for (auto& [key, candidate] : union_of_rules) candidates.push_back(std::move(candidate));
    return ordered(first, candidates);
  }

  /// UseAfter and VersionAfter: the last rule whose key is not above the header's.
  Answer ordered(const Selector& selector, const std::vector<Candidate>& candidates) const {
    const bool dates = selector.kind == Selector::Kind::use_after;
    std::string text;
    for (const std::string& parameter : selector.parameters) {
      const std::string_view value = strip(value_of(parameter));
      if (dates && value == kUndefined) return failed(fmt::format("{} is not defined", parameter));
      text += (&parameter == selector.parameters.data() ? "" : dates ? " " : ".");
      text += value;
    }
    const auto date = dates ? standard_date(text) : std::optional<std::string>("");
    if (!date) return failed(fmt::format("'{}' is not a date and time ({})", strip(text), fmt::join(selector.parameters, ", ")));
    const auto version = dates ? std::optional<std::array<long, 3>>(std::array<long, 3>{}) : version_numbers(text);
    if (!version) return failed(fmt::format("'{}' is not a version ({})", text, fmt::join(selector.parameters, ", ")));
    const Candidate* last = nullptr;
    for (const Candidate& candidate : candidates) {
      if (std::tie(candidate.rule->date, candidate.rule->version) <= std::tie(*date, *version)) last = &candidate;
    }
    if (last == nullptr) return lookup_failed(fmt::format("no rule is valid at {}", dates ? *date : text));
    return choice(*last, fmt::format("{} {}", dates ? "UseAfter" : "VersionAfter", last->rule->text));
  }

  Answer select_version(const Selector& selector, const std::vector<Candidate>& candidates) const {
    if (selector.parameters.empty()) return failed("SelectVersion has no header key");
    const std::string& text = value_of(selector.parameters.front());
    const auto version = python_float(text);
    if (!version || !(*version < std::numeric_limits<double>::infinity())) {
      return failed(fmt::format("{} = '{}' is not a number", selector.parameters.front(), text));
    }
    for (const Candidate& candidate : candidates) {
      const auto own = std::make_tuple(candidate.rule->bound, candidate.rule->relation);
      if (!(own < std::make_tuple(*version, '='))) return choice(candidate, "SelectVersion " + candidate.rule->text);
    }
    return failed(fmt::format("no rule is for version {}", text));
  }

  /// Whether a value may be looked up at all among `valid`; catches typing errors that a wild card would hide.
  bool is_valid(const std::string& parameter, const std::string& value, const std::vector<std::string>& valid, int depth) const {
    const auto has = [&](std::string_view wanted) { return std::find(valid.begin(), valid.end(), wanted) != valid.end(); };
    if (valid.empty() || depth > 8 || has(value) || has(condition_value(value)) || has("*") || has("ANY") || has("N/A")) {
      return true;
    }
    if (value.starts_with("NOT")) {
      return is_valid(parameter, std::string(strip(std::string_view(value).substr(3))), valid, depth + 1);
    }
    if (is_esoteric(value) || value == "*" || value == "ANY" || value == "N/A") return true;
    if (valid.size() == 1 && valid.front().find(':') != std::string::npos) {
      const std::size_t colon = valid.front().find(':');
      const auto low = python_float(std::string_view(valid.front()).substr(0, colon));
      const auto high = python_float(std::string_view(valid.front()).substr(colon + 1));
      const auto number = python_float(value);
      return low && high && number && *low <= *number && *number <= *high;
    }
    const auto table = substitutions_.find(parameter);
    if (table == substitutions_.end()) return false;
    const auto replaced = table->second.find(value);
    if (replaced == table->second.end() || replaced->second.size() != 1) return false;
    return is_valid(parameter, replaced->second.front(), valid, depth + 1);
  }

  const std::map<std::string, std::string, std::less<>>& header_;
  const Substitutions& substitutions_;
  bool merge_overlaps_;
};

std::string underscored(std::string_view key) {
  std::string name(key);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

/// Writes the header keys in a condition as names.
std::string with_names(std::string text, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    if (key.find('.') == std::string::npos) continue;
    for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at)) {
      text.replace(at, key.size(), underscored(key));
    }
  }
  return text;
}

void add_keys(std::vector<std::string>& keys, const Mapping& mapping) {
  for (const auto& level : parameter_levels(mapping)) keys.insert(keys.end(), level.begin(), level.end());
  const std::string reffile_switch = upper_case(mapping.header_text("reffile_switch"));
  if (!reffile_switch.empty() && reffile_switch != "NONE") keys.push_back(reffile_switch);
  if (const Literal* extra = mapping.header.find("extra_keys"); extra != nullptr && extra->is_sequence()) {
    for (const Literal& key : extra->items) keys.push_back(to_text(key));
  }
}

RuleExpression parse_condition(const Mapping& mapping, const std::string& text, const std::vector<std::string>& keys) {
  try {
    return RuleExpression::parse(with_names(text, keys));
  } catch (const Error& error) {
    throw Error(error.cause(), error.problem(), {.file = mapping.file.string()}, error.advice());
  }
}

}  // namespace

std::string_view to_string(RecommendationStatus status) noexcept {
  switch (status) {
    case RecommendationStatus::file: return "file";
    case RecommendationStatus::na: return "na";
    case RecommendationStatus::not_found: return "not_found";
    case RecommendationStatus::omitted: return "omitted";
  }
  return "not_found";
}

ReferenceRules::ReferenceRules(const Mapping& mapping) : substitutions_(read_substitutions(mapping)) {
  add_keys(keys_, mapping);
  if (mapping.selector.kind != Literal::Kind::call) {
    throw Error(ErrorCause::reference, "the mapping has no selector", {.file = mapping.file.string()},
                "Fetch it again into the CRDS cache.");
  }
  selector_ = build_selector(mapping, substitutions_);
  if (mapping.header.find("merge_overlaps") != nullptr) {
    const std::string merge = upper_case(mapping.header_text("merge_overlaps"));
    merge_overlaps_ = merge == "TRUE" || merge == "1";
  }
  const std::string required = upper_case(mapping.header_text("reffile_required"));
  required_ = required.empty() || required == "YES" || required == "NONE";
  std::string relevance = mapping.header_text("rmap_relevance");
  if (relevance.empty()) relevance = "always";
  for (std::size_t at = relevance.find("always"); at != std::string::npos; at = relevance.find("always")) {
    relevance.replace(at, 6, "True");
  }
  relevance_ = parse_condition(mapping, relevance, keys_);
  const std::string omit = mapping.header_text("rmap_omit");
  omit_ = parse_condition(mapping, omit.empty() ? "False" : omit, keys_);
  if (const Literal* table = mapping.header.find("parkey_relevance"); table != nullptr) {
    for (std::size_t i = 0; i + 1 < table->items.size(); i += 2) {
      key_relevance_.emplace_back(lower_case(to_text(table->items[i])),
                                  parse_condition(mapping, to_text(table->items[i + 1]), keys_));
    }
  }
}

std::optional<bool> ReferenceRules::holds(const RuleExpression& expression, const HeaderValues& header) const {
  return expression.holds([&](std::string_view name) -> std::optional<std::string> {
    for (const std::string& key : keys_) {
      if (key != name && underscored(key) != name) continue;
      const std::string* value = header.find(upper_case(key));
      return value == nullptr ? kUndefined : *value;
    }
    for (const auto& [key, value] : header.values()) {
      if (key == name || underscored(key) == name) return value;
    }
    return std::nullopt;
  });
}

Recommendation ReferenceRules::choose(const HeaderValues& header) const {
  if (holds(omit_, header).value_or(false)) {
    return {RecommendationStatus::omitted, {}, "the mapping leaves this type out for such an exposure", {}};
  }
  if (!holds(relevance_, header).value_or(true)) {
    return {RecommendationStatus::na, {}, "the mapping does not apply to such an exposure", {}};
  }
  std::map<std::string, std::string, std::less<>> values;
  for (const std::string& key : keys_) {
    const std::string* value = header.find(upper_case(key));
    values[key] = value == nullptr ? kUndefined : *value;
    for (const auto& [name, expression] : key_relevance_) {
      if (name != lower_case(key)) continue;
      const auto relevant = holds(expression, header);
      if (!relevant) {
        return {RecommendationStatus::not_found, {}, fmt::format("the condition on {} cannot be evaluated", key), {}};
      }
      if (!*relevant) values[key] = "N/A";
    }
  }
  Answer answer = Chooser(values, substitutions_, merge_overlaps_).choose(selector_, {});
  if (answer.kind != Answer::Kind::found) {
    const auto status = required_ ? RecommendationStatus::not_found : RecommendationStatus::na;
    return {status, {}, std::move(answer.text), {}};
  }
  if (is_not_applicable(answer.text)) return {RecommendationStatus::na, {}, "the rules say N/A", std::move(answer.rule)};
  if (is_omitted(answer.text)) {
    return {RecommendationStatus::omitted, {}, "the rules leave this type out", std::move(answer.rule)};
  }
  return {RecommendationStatus::file, std::move(answer.text), {}, std::move(answer.rule)};
}

}  // namespace spec2::pipeline
