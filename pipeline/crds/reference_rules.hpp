#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/crds/header_values.hpp"
#include "pipeline/crds/mapping.hpp"
#include "pipeline/crds/rule_expression.hpp"
#include "pipeline/crds/rule_matcher.hpp"

namespace spec2::pipeline {

enum class RecommendationStatus {
  file,       ///< `file_name` is the reference
  na,         ///< the rules say that no reference of this type applies
  not_found,  ///< no rule fits: `message` says why
  omitted     ///< the type is to be left out altogether
};
std::string_view to_string(RecommendationStatus status) noexcept;

/// Answer of the rules for one reference type.
struct Recommendation {
  RecommendationStatus status = RecommendationStatus::not_found;
  std::string file_name;
  std::string message;  ///< why there is no file
  std::string rule;     ///< the rule that decided: "('NRS1', 'F100LP') : UseAfter 2015-01-01 00:00:00"
};

struct Selector;

/// One `key : choice` of a selector.
struct Rule {
  std::string text;                   ///< the key as written in the file
  std::vector<std::string> key;       ///< of Match: conditioned parts
  std::vector<RuleMatcher> matchers;  ///< of Match, one for each part
  std::string date;                   ///< of UseAfter
  std::array<long, 3> version{};      ///< of VersionAfter
  double bound = 0.0;                 ///< of SelectVersion
  char relation = '=';                ///< of SelectVersion: '<' or '='
  std::string file;                   ///< the choice, when it is no selector
  std::vector<Selector> nested;       ///< the choice, when it is one (0 or 1)
};

/// `Match({...})` and its kin with the header keys they look at. Rules are sorted by their keys.
struct Selector {
  enum class Kind { match, use_after, version_after, select_version } kind = Kind::match;
  std::vector<std::string> parameters;
  std::vector<Rule> rules;
  /// Of Match: values that each parameter may have; an empty list takes all.
  std::vector<std::vector<std::string>> valid_values;
};

/// Values that replace others in the keys of a parameter when an rmap is read: parameter -> old -> new (one or several).
using Substitutions = std::map<std::string, std::map<std::string, std::vector<std::string>>, std::less<>>;

/// The rules of one reference type of one instrument (an .rmap). Source: crds 14.0.3, core/rmap.py and core/selectors.py.
class ReferenceRules {
 public:
  /// Throws Error(reference) with file and line for rules that cannot be used.
  explicit ReferenceRules(const Mapping& mapping);

  Recommendation choose(const HeaderValues& header) const;
  /// Header keys that the rules look at, as META paths.
  const std::vector<std::string>& keys() const noexcept { return keys_; }

 private:
  std::optional<bool> holds(const RuleExpression& expression, const HeaderValues& header) const;

  std::vector<std::string> keys_;
  Selector selector_;
  Substitutions substitutions_;
  bool merge_overlaps_ = true;
  bool required_ = true;
  RuleExpression relevance_;
  RuleExpression omit_;
  std::vector<std::pair<std::string, RuleExpression>> key_relevance_;
};

}  // namespace spec2::pipeline
