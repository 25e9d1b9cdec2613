#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spec2::pipeline {

/// Shell pattern as in Python's fnmatch: `*`, `?`, `[ab]`, `[!ab]`; the whole value must match.
bool glob_match(std::string_view pattern, std::string_view value);

/// Regular expression of a rule key `(...)`, matched at the start of a value. Own matcher because the text comes from a
/// file: it follows sets of positions, so that no pattern makes it
/// backtrack, and gives up (Error) when nested repeats would take too long.
/// Known: literals, `.`, classes, `\d \w \s` and their opposites, groups, `|`, `* + ? {m,n}` (lazy forms match the same
/// values), `^`, `$`. Throws Error(reference) for anything else.
class RulePattern {
 public:
  explicit RulePattern(std::string_view pattern);
  bool matches_start_of(std::string_view value) const;

  /// One node of the parsed expression.
  struct Node {
    enum class Kind { any, set, sequence, choice, repeat, begin, end } kind = Kind::sequence;
    std::vector<bool> bytes;  ///< of a set, 256 long
    std::vector<Node> parts;
    int least = 0;
    int most = 0;  ///< of a repeat; -1 for no bound
  };

 private:
  Node root_;
};

}  // namespace spec2::pipeline
