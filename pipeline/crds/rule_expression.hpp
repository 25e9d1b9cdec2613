#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spec2::pipeline {

/// Condition in the header of an rmap (`rmap_relevance`, `rmap_omit`, `parkey_relevance`): a Python expression of
/// comparisons, `in`, `and`, `or`, `not`, conditional values, tuples, literals and names of header keys.
class RuleExpression {
 public:
  /// Value of a name, e.g. META_EXPOSURE_TYPE; nothing when it is not defined.
  using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

  /// Throws Error(reference) when the text is not such an expression.
  static RuleExpression parse(std::string_view text);

  /// Truth of the expression; nothing when it cannot be evaluated (an undefined name, values that cannot be ordered).
  std::optional<bool> holds(const Lookup& lookup) const;

  struct Node {
    enum class Kind : std::uint8_t {
      none, boolean, number, string, name, tuple, all_of, any_of, negation, comparison, conditional
    } kind = Kind::none;
    double number = 0.0;                  ///< also of a boolean
    std::string text;                     ///< string or name
    std::vector<std::string> operations;  ///< of a comparison: a < b < c has two
    std::vector<Node> parts;
  };

 private:
  Node root_;
};

}  // namespace spec2::pipeline
