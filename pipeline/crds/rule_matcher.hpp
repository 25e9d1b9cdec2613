#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/crds/rule_pattern.hpp"

namespace spec2::pipeline {

/// How a rule key takes a value of the exposure.
enum class MatchResult { no_match, matches, does_not_matter };

/// Test of one conditioned rule key: a literal, `A|B|F1*`, `(regex)`, `{literal}`, `#>=1 AND <20#`, `>x`,
/// `BETWEEN a b`, `NOT key` or `N/A`. Source: crds 14.0.3, core/selectors.py matcher().
class RuleMatcher {
 public:
  /// Throws Error(reference) for a key that is none of these.
  explicit RuleMatcher(std::string_view key, int depth = 0);

  MatchResult match(std::string_view value) const;

 private:
  enum class Kind { literal, glob, regex, inequality, both, either, negation, not_applicable };

  void read_relation(std::string_view key, std::string_view operation, int depth);
  void read_inequality(std::string_view key);
  bool own_test(std::string_view value) const;

  Kind kind_ = Kind::literal;
  std::string key_;                   ///< equal values match whatever the kind
  std::vector<std::string> globs_;
  std::optional<RulePattern> pattern_;
  std::string relation_;              ///< "<", "<=", ">", ">="
  double bound_ = 0.0;
  std::vector<RuleMatcher> operands_;  ///< of both, either and negation
};

/// Keys whose values cannot be listed: NOT.., BETWEEN.., (..), {..}, #..#.
bool is_esoteric(std::string_view key);

/// Parts of an or-pattern, stripped and sorted; the key itself where it is none.
std::vector<std::string> or_parts(std::string_view key);

}  // namespace spec2::pipeline
