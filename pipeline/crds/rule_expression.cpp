#include "pipeline/crds/rule_expression.hpp"

#include <algorithm>
#include <cctype>
#include <compare>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/crds/value_conditioning.hpp"

namespace spec2::pipeline {
namespace {

using Node = RuleExpression::Node;

constexpr int kDeepest = 32;
constexpr std::size_t kLongest = 16384;

struct Token {
  enum class Kind { word, number, string, sign, end } kind = Kind::end;
  std::string text;
};

[[noreturn]] void refuse(std::string_view expression, std::string_view problem) {
  throw Error(ErrorCause::reference, fmt::format("condition '{}': {}", expression.substr(0, 200), problem), {},
              "Report the mapping file: it uses a form of condition that spec2 does not know.");
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const auto is_word = [&](std::size_t i) {
      return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_');
    };
    if (std::isspace(static_cast<unsigned char>(c))) {
      ++at;
    } else if (c == '\'' || c == '"') {
      const std::size_t close = text.find(c, at + 1);
      if (close == std::string_view::npos) refuse(text, "unclosed string");
      tokens.push_back({Token::Kind::string, std::string(text.substr(at + 1, close - at - 1))});
      at = close + 1;
    } else if (is_word(at)) {
      std::size_t end = at;
      while (is_word(end) || (end < text.size() && text[end] == '.')) ++end;
      const bool number = std::isdigit(static_cast<unsigned char>(c)) != 0;
      tokens.push_back({number ? Token::Kind::number : Token::Kind::word, std::string(text.substr(at, end - at))});
      at = end;
    } else {
      const std::string_view two = text.substr(at, 2);
      const bool pair = two == "==" || two == "!=" || two == "<=" || two == ">=";
      if (!pair && std::string_view("()[],<>-").find(c) == std::string_view::npos) {
        refuse(text, fmt::format("unexpected '{}'", c));
      }
      tokens.push_back({Token::Kind::sign, std::string(text.substr(at, pair ? 2 : 1))});
      at += pair ? 2 : 1;
    }
  }
  tokens.push_back({});
  return tokens;
}

Node make(Node::Kind kind, std::vector<Node> parts = {}) {
  Node node;
  node.kind = kind;
  node.parts = std::move(parts);
  return node;
}

class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view text) : text_(text), tokens_(tokens_of(text)) {}

  Node parse() {
    Node node = conditional();
    if (peek().kind != Token::Kind::end) refuse(text_, fmt::format("unexpected '{}'", peek().text));
    return node;
  }

 private:
  Node conditional() {
    if (++depth_ > kDeepest) refuse(text_, "nested too deeply");
    Node node = any_of();
    if (take_word("if")) {
      Node condition = any_of();
      if (!take_word("else")) refuse(text_, "'if' without 'else'");
      std::vector<Node> parts;
      parts.push_back(std::move(condition));
      parts.push_back(std::move(node));
      parts.push_back(conditional());
      node = make(Node::Kind::conditional, std::move(parts));
    }
    --depth_;
    return node;
  }

  Node any_of() { return joined("or", Node::Kind::any_of, [this] { return all_of(); }); }
  Node all_of() { return joined("and", Node::Kind::all_of, [this] { return negation(); }); }

  template <typename Operand>
  Node joined(std::string_view word, Node::Kind kind, Operand operand) {
    std::vector<Node> parts;
    parts.push_back(operand());
    while (take_word(word)) parts.push_back(operand());
    return parts.size() == 1 ? std::move(parts.front()) : make(kind, std::move(parts));
  }

  Node negation() {
    bool negative = false;
    bool any = false;
    while (take_word("not")) {
      negative = !negative;
      any = true;
    }
    Node node = comparison();
    if (!any) return node;
    std::vector<Node> parts;
    parts.push_back(std::move(node));
    node = make(Node::Kind::negation, std::move(parts));
    if (negative) return node;
    parts.clear();
    parts.push_back(std::move(node));
    return make(Node::Kind::negation, std::move(parts));
  }

  Node comparison() {
    Node node = make(Node::Kind::comparison);
    node.parts.push_back(atom());
    for (std::string operation = take_operation(); !operation.empty(); operation = take_operation()) {
      node.operations.push_back(std::move(operation));
      node.parts.push_back(atom());
    }
    if (!node.operations.empty()) return node;
    Node only = std::move(node.parts.front());
    return only;
  }

  std::string take_operation() {
    if (peek().kind == Token::Kind::sign) {
      static constexpr std::string_view kSigns[] = {"==", "!=", "<", ">", "<=", ">="};
      if (std::find(std::begin(kSigns), std::end(kSigns), peek().text) == std::end(kSigns)) return {};
      return tokens_[at_++].text;
    }
    if (take_word("in")) return "in";
    if (peek().kind == Token::Kind::word && peek().text == "not") {
      ++at_;
      if (!take_word("in")) refuse(text_, "expected 'not in'");
      return "not in";
    }
    return {};
  }

  Node atom() {
    const Token token = tokens_[at_];
    if (token.kind == Token::Kind::end) refuse(text_, "ends where a value is expected");
    ++at_;
    Node node;
    if (token.kind == Token::Kind::string) {
      node.kind = Node::Kind::string;
      node.text = token.text;
      while (peek().kind == Token::Kind::string) node.text += tokens_[at_++].text;
    } else if (token.kind == Token::Kind::number) {
      node.kind = Node::Kind::number;
      node.number = number(token.text);
    } else if (token.kind == Token::Kind::word) {
      word(node, token.text);
    } else if (token.text == "(" || token.text == "[") {
      return tuple(token.text == "(");
    } else if (token.text == "-" && peek().kind == Token::Kind::number) {
      node.kind = Node::Kind::number;
      node.number = -number(tokens_[at_++].text);
    } else {
      refuse(text_, fmt::format("unexpected '{}'", token.text));
    }
    return node;
  }

  double number(const std::string& digits) const {
    const auto value = python_float(digits);
    if (!value) refuse(text_, fmt::format("'{}' is not a number", digits));
    return *value;
  }

  void word(Node& node, const std::string& text) const {
    if (text == "True" || text == "False") {
      node.kind = Node::Kind::boolean;
      node.number = text == "True" ? 1.0 : 0.0;
    } else if (text != "None") {
      static constexpr std::string_view kReserved[] = {"and", "or", "not", "in", "if", "else", "is", "lambda"};
      if (std::find(std::begin(kReserved), std::end(kReserved), text) != std::end(kReserved)) {
        refuse(text_, fmt::format("unexpected '{}'", text));
      }
      if (text.find('.') != std::string::npos) refuse(text_, fmt::format("'{}' is not a key of this mapping", text));
      node.kind = Node::Kind::name;
      node.text = text;
    }
  }

  Node tuple(bool round) {
    Node node = make(Node::Kind::tuple);
    bool comma = false;
    while (!take_sign(round ? ")" : "]")) {
      node.parts.push_back(conditional());
      const bool more = take_sign(",");
      comma = comma || more;
      if (!more && peek().text != (round ? ")" : "]")) refuse(text_, "unclosed bracket");
    }
    if (!round || comma || node.parts.size() != 1) return node;
    Node only = std::move(node.parts.front());
    return only;
  }

  const Token& peek() const { return tokens_[at_]; }
  bool take_word(std::string_view word) {
    if (peek().kind != Token::Kind::word || peek().text != word) return false;
    ++at_;
    return true;
  }
  bool take_sign(std::string_view sign) {
    if (peek().kind != Token::Kind::sign || peek().text != sign) return false;
    ++at_;
    return true;
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

/// Thrown inside the evaluation only: Python would raise NameError or TypeError there.
struct NotEvaluable {};

using Value = Node;  // of kind none, boolean, number, string or tuple

bool is_number(const Value& value) { return value.kind == Node::Kind::number || value.kind == Node::Kind::boolean; }

bool truth(const Value& value) {
  switch (value.kind) {
    case Node::Kind::none: return false;
    case Node::Kind::string: return !value.text.empty();
    case Node::Kind::tuple: return !value.parts.empty();
    default: return value.number != 0.0;
  }
}

Value boolean(bool given) {
  Value value;
  value.kind = Node::Kind::boolean;
  value.number = given ? 1.0 : 0.0;
  return value;
}

bool equal(const Value& a, const Value& b) {
  if (is_number(a) && is_number(b)) return a.number == b.number;
  if (a.kind != b.kind) return false;
  if (a.kind == Node::Kind::string) return a.text == b.text;
  return a.parts.size() == b.parts.size() && std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), equal);
}

bool contains(const Value& container, const Value& value) {
  if (container.kind == Node::Kind::string && value.kind == Node::Kind::string) {
    return container.text.find(value.text) != std::string::npos;
  }
  if (container.kind != Node::Kind::tuple) throw NotEvaluable{};
  return std::any_of(container.parts.begin(), container.parts.end(), [&](const Value& item) { return equal(item, value); });
}

bool ordered(const Value& a, const std::string& operation, const Value& b) {
  std::partial_ordering order = std::partial_ordering::unordered;
  if (is_number(a) && is_number(b)) {
    order = a.number <=> b.number;
  } else if (a.kind == Node::Kind::string && b.kind == Node::Kind::string) {
    order = a.text <=> b.text;
  } else {
    throw NotEvaluable{};
  }
  if (operation == "<") return order < 0;
  if (operation == "<=") return order <= 0;
  return operation == ">" ? order > 0 : order >= 0;
}

bool compare(const Value& a, const std::string& operation, const Value& b) {
  if (operation == "==") return equal(a, b);
  if (operation == "!=") return !equal(a, b);
  if (operation == "in") return contains(b, a);
  if (operation == "not in") return !contains(b, a);
  return ordered(a, operation, b);
}

Value evaluate(const Node& node, const RuleExpression::Lookup& lookup) {
  switch (node.kind) {
    case Node::Kind::name: {
      const auto text = lookup(node.text);
      if (!text) throw NotEvaluable{};
      Value value;
      value.kind = Node::Kind::string;
      value.text = *text;
      return value;
    }
    case Node::Kind::tuple: {
      Value value = make(Node::Kind::tuple);
      for (const Node& part : node.parts) value.parts.push_back(evaluate(part, lookup));
      return value;
    }
    case Node::Kind::all_of:
    case Node::Kind::any_of: {
      Value value;
      for (const Node& part : node.parts) {
        value = evaluate(part, lookup);
        if (truth(value) == (node.kind == Node::Kind::any_of)) break;
      }
      return value;
    }
    case Node::Kind::negation: return boolean(!truth(evaluate(node.parts[0], lookup)));
    case Node::Kind::conditional: return evaluate(node.parts[truth(evaluate(node.parts[0], lookup)) ? 1 : 2], lookup);
    case Node::Kind::comparison: {
      Value left = evaluate(node.parts[0], lookup);
      for (std::size_t i = 0; i < node.operations.size(); ++i) {
        Value right = evaluate(node.parts[i + 1], lookup);
        if (!compare(left, node.operations[i], right)) return boolean(false);
        left = std::move(right);
      }
      return boolean(true);
    }
    default: return node;
  }
}

}  // namespace

RuleExpression RuleExpression::parse(std::string_view text) {
  if (text.size() > kLongest) refuse(text, "the condition is too long");
  RuleExpression expression;
  expression.root_ = ExpressionParser(text).parse();
  return expression;
}

std::optional<bool> RuleExpression::holds(const Lookup& lookup) const {
  try {
    return truth(evaluate(root_, lookup));
  } catch (const NotEvaluable&) {
    return std::nullopt;
  }
}

}  // namespace spec2::pipeline
