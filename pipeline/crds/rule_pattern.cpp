#include "pipeline/crds/rule_pattern.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace spec2::pipeline {
namespace {

using Node = RulePattern::Node;
using Positions = std::vector<bool>;  // one flag per position of the value, with its end

constexpr std::size_t kLongestPattern = 512;
constexpr std::size_t kLongestValue = 1024;
constexpr int kMostRepeats = 256;
constexpr int kDeepest = 16;

[[noreturn]] void refuse(std::string_view pattern, std::string_view problem) {
  throw Error(ErrorCause::reference, fmt::format("rule expression '({})': {}", pattern, problem), {},
              "Report the mapping file: it uses a form of rule that spec2 does not know.");
}

class PatternParser {
 public:
  explicit PatternParser(std::string_view text) : text_(text) {}

  Node parse() {
    Node node = choice();
    if (at_ < text_.size()) refuse(text_, "unmatched ')'");
    return node;
  }

 private:
  Node choice() {
    if (++depth_ > kDeepest) refuse(text_, "groups are nested too deeply");
    Node node{Node::Kind::choice, {}, {}, 0, 0};
    node.parts.push_back(sequence());
    while (at_ < text_.size() && text_[at_] == '|') {
      ++at_;
      node.parts.push_back(sequence());
    }
    --depth_;
    return node;
  }

  Node sequence() {
    Node node;
    while (at_ < text_.size() && text_[at_] != '|' && text_[at_] != ')') node.parts.push_back(repeated());
    return node;
  }

  Node repeated() {
    Node node = atom();
    int least = 0;
    int most = 0;
    if (!repeat_count(least, most)) return node;
    if (at_ < text_.size() && text_[at_] == '?') ++at_;
    int ignored = 0;
    if (repeat_count(ignored, ignored)) refuse(text_, "several repeat marks in a row");
    Node result{Node::Kind::repeat, {}, {}, least, most};
    result.parts.push_back(std::move(node));
    return result;
  }

  bool repeat_count(int& least, int& most) {
    if (at_ >= text_.size()) return false;
    switch (text_[at_]) {
      case '*': least = 0; most = -1; break;
      case '+': least = 1; most = -1; break;
      case '?': least = 0; most = 1; break;
      case '{': return braces(least, most);
      default: return false;
    }
    ++at_;
    return true;
  }

  bool braces(int& least, int& most) {
    ++at_;
    least = number();
    most = least;
    if (at_ < text_.size() && text_[at_] == ',') {
      ++at_;
      most = at_ < text_.size() && text_[at_] == '}' ? -1 : number();
    }
    if (at_ >= text_.size() || text_[at_] != '}' || (most >= 0 && most < least)) refuse(text_, "bad repeat count");
    ++at_;
    return true;
  }

  int number() {
    int value = 0;
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_]))) {
      value = value * 10 + (text_[at_++] - '0');
      if (value > kMostRepeats) refuse(text_, "repeat count is too large");
    }
    if (begin == at_) refuse(text_, "bad repeat count");
    return value;
  }

  Node atom() {
    const char c = text_[at_++];
    switch (c) {
      case '.': return Node{Node::Kind::any, {}, {}, 0, 0};
      case '^': return Node{Node::Kind::begin, {}, {}, 0, 0};
      case '$': return Node{Node::Kind::end, {}, {}, 0, 0};
      case '[': return bracket();
      case '(': return group();
      case '*':
      case '+':
      case '?':
      case '{': refuse(text_, "nothing to repeat");
      default: break;
    }
    Node node{Node::Kind::set, std::vector<bool>(256, false), {}, 0, 0};
    if (c == '\\') {
      escape(node.bytes);
    } else {
      node.bytes[static_cast<unsigned char>(c)] = true;
    }
    return node;
  }

  Node group() {
    if (text_.substr(at_, 2) == "?:") {
      at_ += 2;
    } else if (at_ < text_.size() && text_[at_] == '?') {
      refuse(text_, "special groups are not supported");
    }
    Node node = choice();
    if (at_ >= text_.size()) refuse(text_, "unclosed group");
    ++at_;
    return node;
  }

  Node bracket() {
    Node node{Node::Kind::set, std::vector<bool>(256, false), {}, 0, 0};
    const bool negated = at_ < text_.size() && text_[at_] == '^';
    if (negated) ++at_;
    for (bool first = true; at_ >= text_.size() || text_[at_] != ']' || first; first = false) {
      if (at_ >= text_.size()) refuse(text_, "unclosed '['");
      const char c = text_[at_++];
      if (c == '\\') {
        escape(node.bytes);
        continue;
      }
      unsigned char last = static_cast<unsigned char>(c);
      if (at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']') {
        last = static_cast<unsigned char>(text_[at_ + 1]);
        at_ += 2;
        if (last < static_cast<unsigned char>(c)) refuse(text_, "bad range of characters");
      }
      for (int code = static_cast<unsigned char>(c); code <= last; ++code) node.bytes[static_cast<std::size_t>(code)] = true;
    }
    ++at_;
    if (negated) node.bytes.flip();
    return node;
  }

  void escape(std::vector<bool>& bytes) {
    if (at_ >= text_.size()) refuse(text_, "ends with a backslash");
    const char c = text_[at_++];
    const char kind = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (kind != 'd' && kind != 'w' && kind != 's') {
      if (std::isalnum(static_cast<unsigned char>(c))) refuse(text_, fmt::format("'\\{}' is not supported", c));
      bytes[static_cast<unsigned char>(c)] = true;
      return;
    }
    for (int code = 0; code < 256; ++code) {
      const bool in = kind == 'd'   ? std::isdigit(code) != 0
                      : kind == 'w' ? std::isalnum(code) != 0 || code == '_'
                                    : std::isspace(code) != 0;
      if (in == (c == kind)) bytes[static_cast<std::size_t>(code)] = true;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

/// A value being matched, with the work that nested repeats may still cost.
struct Subject {
  std::string_view value;
  std::size_t steps_left = 20'000;
};

Positions advance(const Node& node, const Positions& from, Subject& subject);

Positions repeat(const Node& node, Positions from, Subject& subject) {
  for (int i = 0; i < node.least; ++i) from = advance(node.parts[0], from, subject);
  Positions reached = from;
  for (int i = node.least; node.most < 0 || i < node.most; ++i) {
    from = advance(node.parts[0], from, subject);
    Positions merged = reached;
    for (std::size_t at = 0; at < merged.size(); ++at) merged[at] = merged[at] || from[at];
    if (merged == reached) break;
    reached = std::move(merged);
  }
  return reached;
}

/// Positions that can be reached from those in `from` by one match of the node.
Positions advance(const Node& node, const Positions& from, Subject& subject) {
  const std::string_view value = subject.value;
  if (subject.steps_left-- == 0) refuse("...", "repeats are nested too deeply to be matched");
  Positions reached(from.size(), false);
  switch (node.kind) {
    case Node::Kind::any:
    case Node::Kind::set:
      for (std::size_t at = 0; at < value.size(); ++at) {
        const auto byte = static_cast<unsigned char>(value[at]);
        if (from[at] && (node.kind == Node::Kind::any ? byte != '\n' : node.bytes[byte])) reached[at + 1] = true;
      }
      return reached;
    case Node::Kind::begin: reached[0] = from[0]; return reached;
    case Node::Kind::end: reached[value.size()] = from[value.size()]; return reached;
    case Node::Kind::sequence: {
      Positions positions = from;
      for (const Node& part : node.parts) positions = advance(part, positions, subject);
      return positions;
    }
    case Node::Kind::choice:
      for (const Node& part : node.parts) {
        const Positions one = advance(part, from, subject);
        for (std::size_t at = 0; at < one.size(); ++at) reached[at] = reached[at] || one[at];
      }
      return reached;
    case Node::Kind::repeat: return repeat(node, from, subject);
  }
  return reached;
}

/// Whether `c` is in the class that begins at pattern[at] (after '['); moves `at` behind its ']'.
bool in_class(std::string_view pattern, std::size_t& at, std::size_t close, char c) {
  const bool negated = pattern[at] == '!';
  if (negated) ++at;
  bool found = false;
  while (at < close) {
    if (at + 2 < close && pattern[at + 1] == '-') {
      found = found || (pattern[at] <= c && c <= pattern[at + 2]);
      at += 3;
    } else {
      found = found || pattern[at] == c;
      ++at;
    }
  }
  at = close + 1;
  return found != negated;
}

/// Matches one pattern element that is not '*' against `c`; moves `at` behind it.
bool match_one(std::string_view pattern, std::size_t& at, char c) {
  if (pattern[at] == '?') {
    ++at;
    return true;
  }
  if (pattern[at] == '[') {
    const std::size_t first = at + 1 + (at + 1 < pattern.size() && pattern[at + 1] == '!' ? 1 : 0);
    const std::size_t close = first < pattern.size() ? pattern.find(']', first + 1) : std::string_view::npos;
    if (close != std::string_view::npos) {
      ++at;
      return in_class(pattern, at, close, c);
    }
  }
  return pattern[at++] == c;
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view value) {
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_value = 0;
  for (std::size_t i = 0; i < value.size();) {
    std::size_t next = at;
    if (at < pattern.size() && pattern[at] == '*') {
      star = ++at;
      star_value = i;
    } else if (at < pattern.size() && match_one(pattern, next, value[i])) {
      at = next;
      ++i;
    } else if (star != std::string_view::npos) {
      at = star;
      i = ++star_value;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

RulePattern::RulePattern(std::string_view pattern) {
  if (pattern.size() > kLongestPattern) refuse(pattern.substr(0, 40), "the expression is too long");
  root_ = PatternParser(pattern).parse();
}

bool RulePattern::matches_start_of(std::string_view value) const {
  if (value.size() > kLongestValue) return false;
  Positions from(value.size() + 1, false);
  from[0] = true;
  Subject subject{value};
  const Positions reached = advance(root_, from, subject);
  return std::find(reached.begin(), reached.end(), true) != reached.end();
}

}  // namespace spec2::pipeline
