#include "pipeline/crds/python_literal.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace spec2::pipeline {
namespace {

bool is_name_start(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool is_name_part(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

/// Recursive descent over the text; newlines are blanks, since no statement of a mapping needs them.
class Parser {
 public:
  Parser(std::string_view text, const std::filesystem::path& file, LiteralLimits limits)
      : text_(text), file_(file), limits_(limits) {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") text_.remove_prefix(3);
    if (text_.size() > limits_.bytes) {
      fail(fmt::format("the file is larger than {} bytes", limits_.bytes));
    }
  }

  std::vector<Assignment> assignments() {
    std::vector<Assignment> found;
    for (skip_blanks(); !at_end(); skip_blanks()) {
      if (peek() == ';') {
        advance();
      } else if (peek() == '\'' || peek() == '"') {
        value();  // a text standing alone is a comment
      } else {
        found.push_back(assignment());
      }
    }
    return found;
  }

  Literal single() {
    Literal result = value();
    skip_blanks();
    if (!at_end()) fail("text after the end of the value");
    return result;
  }

 private:
  Assignment assignment() {
    if (!is_name_start(peek())) fail("expected the name of a section (header, selector or comment)");
    Assignment result{name(), {}};
    skip_blanks();
    if (at_end() || peek() != '=') fail(fmt::format("expected '=' after '{}'", result.name));
    advance();
    result.value = value();
    return result;
  }

  Literal value() {
    if (++depth_ > limits_.depth) fail(fmt::format("values are nested deeper than {}", limits_.depth));
    if (++values_ > limits_.values) fail(fmt::format("the file has more than {} values", limits_.values));
    skip_blanks();
    if (at_end()) fail("the text ends where a value is expected");
    Literal result;
    result.line = line_;
    result.column = column();
    const char c = peek();
    if (c == '{') {
      dict(result);
    } else if (c == '(' || c == '[') {
      sequence(result);
    } else if (is_digit(c) || c == '-' || c == '+' || c == '.') {
      number(result);
    } else if (c == '\'' || c == '"') {
      strings(result);
    } else if (is_name_start(c)) {
      word(result);
    } else {
      fail(fmt::format("unexpected character '{}'", printable(c)));
    }
    --depth_;
    return result;
  }

  void dict(Literal& result) {
    result.kind = Literal::Kind::dict;
    advance();
    for (skip_blanks(); !take('}'); skip_blanks()) {
      result.items.push_back(value());
      skip_blanks();
      if (!take(':')) fail("expected ':' between key and value");
      result.items.push_back(value());
      skip_blanks();
      if (!take(',') && (at_end() || peek() != '}')) fail("expected ',' or '}' in a dictionary");
    }
    result.items.shrink_to_fit();
  }

  void sequence(Literal& result) {
    const bool round = peek() == '(';
    const char close = round ? ')' : ']';
    result.kind = round ? Literal::Kind::tuple : Literal::Kind::list;
    advance();
    bool comma = false;
    for (skip_blanks(); !take(close); skip_blanks()) {
      result.items.push_back(value());
      skip_blanks();
      if (take(',')) {
        comma = true;
      } else if (at_end() || peek() != close) {
        fail(fmt::format("expected ',' or '{}'", close));
      }
    }
    if (round && !comma && result.items.size() == 1) {  // ('a') is 'a', ('a',) is a tuple
      Literal inner = std::move(result.items.front());
      result = std::move(inner);
    }
  }

  void number(Literal& result) {
    const std::size_t begin = at_;
    result.kind = Literal::Kind::integer;
    if (peek() == '-' || peek() == '+') advance();
    bool digits = false;
    while (!at_end()) {
      const char c = peek();
      const bool sign_of_exponent = (c == '-' || c == '+') && (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E');
      if (is_digit(c)) {
        digits = true;
      } else if (c == '.' || c == 'e' || c == 'E' || sign_of_exponent) {
        result.kind = Literal::Kind::real;
      } else {
        break;
      }
      advance();
    }
    if (!digits || (!at_end() && is_name_part(peek()))) fail("not a number");
    result.text = text_.substr(begin, at_ - begin);
  }

  /// Strings that follow each other are one, as in Python.
  void strings(Literal& result) {
    result.kind = Literal::Kind::string;
    for (;;) {
      one_string(result.text, false);
      skip_blanks();
      if (at_end() || (peek() != '\'' && peek() != '"')) return;
    }
  }

  void one_string(std::string& out, bool raw) {
    const char quote = peek();
    const bool triple = text_.substr(at_, 3) == std::string(3, quote);
    for (int i = 0; i < (triple ? 3 : 1); ++i) advance();
    for (;;) {
      if (at_end()) fail("the text ends inside a string");
      const char c = peek();
      if (c == quote && (!triple || text_.substr(at_, 3) == std::string(3, quote))) {
        for (int i = 0; i < (triple ? 3 : 1); ++i) advance();
        return;
      }
      if (c == '\n' && !triple) fail("the string is not closed on its line");
      if (c == '\\' && !raw) {
        escape(out);
      } else {
        out += c;
        advance();
      }
    }
  }

  void escape(std::string& out) {
    advance();
    if (at_end()) fail("the text ends inside a string");
    const char c = peek();
    advance();
    switch (c) {
      case '\n': return;  // the line goes on
      case 'n': out += '\n'; return;
      case 't': out += '\t'; return;
      case 'r': out += '\r'; return;
      case '\\':
      case '\'':
      case '"': out += c; return;
      case 'x': append_utf8(out, hex(2)); return;
      case 'u': append_utf8(out, hex(4)); return;
      default: out += '\\'; out += c; return;
    }
  }

  std::uint32_t hex(int digits) {
    std::uint32_t code = 0;
    for (int i = 0; i < digits; ++i) {
      if (at_end() || !std::isxdigit(static_cast<unsigned char>(peek()))) fail("bad character escape in a string");
      const char c = static_cast<char>(std::tolower(static_cast<unsigned char>(peek())));
      code = code * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : c - 'a' + 10);
      advance();
    }
    return code;
  }

  void word(Literal& result) {
    std::string text = name();
    if (text == "None") return;
    if (text == "True" || text == "False") {
      result.kind = Literal::Kind::boolean;
      result.text = std::move(text);
      return;
    }
    if (text.size() <= 1 && !at_end() && (peek() == '\'' || peek() == '"') &&
        std::string_view("rRuU").find(text) != std::string_view::npos) {
      result.kind = Literal::Kind::string;
      one_string(result.text, text == "r" || text == "R");
      return;
    }
    skip_blanks();
    if (at_end() || peek() != '(') fail(fmt::format("'{}' is neither a value nor a selector", text), result.line, result.column);
    call(result, std::move(text));
  }

  void call(Literal& result, std::string text) {
    static constexpr std::array<std::string_view, 4> kSelectors = {"Match", "UseAfter", "VersionAfter", "SelectVersion"};
    if (std::find(kSelectors.begin(), kSelectors.end(), text) == kSelectors.end()) {
      fail(fmt::format("selector '{}' is not one of Match, UseAfter, VersionAfter, SelectVersion", text), result.line,
           result.column);
    }
    result.kind = Literal::Kind::call;
    result.text = std::move(text);
    advance();
    for (skip_blanks(); !take(')'); skip_blanks()) {
      result.items.push_back(value());
      skip_blanks();
      if (!take(',') && (at_end() || peek() != ')')) fail("expected ',' or ')' in a selector");
    }
  }

  std::string name() {
    const std::size_t begin = at_;
    while (!at_end() && is_name_part(peek())) advance();
    return std::string(text_.substr(begin, at_ - begin));
  }

  void skip_blanks() {
    while (!at_end()) {
      const char c = peek();
      if (c == '#') {
        while (!at_end() && peek() != '\n') advance();
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' ||
                 (c == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n')) {
        advance();
      } else {
        return;
      }
    }
  }

  bool take(char c) {
    if (at_end()) fail(fmt::format("the text ends where '{}' is expected", c));
    if (peek() != c) return false;
    advance();
    return true;
  }

  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return text_[at_]; }
  void advance() {
    if (text_[at_++] == '\n') {
      ++line_;
      line_begin_ = at_;
    }
  }
  int column() const { return static_cast<int>(at_ - line_begin_) + 1; }
  static std::string printable(char c) {
    const auto code = static_cast<unsigned char>(c);
    return code >= 0x20 && code < 0x7F ? std::string(1, c) : fmt::format("\\x{:02x}", code);
  }

  [[noreturn]] void fail(const std::string& problem) const { fail(problem, line_, column()); }
  [[noreturn]] void fail(const std::string& problem, int line, int column) const {
    throw Error(ErrorCause::reference, problem, {.file = file_.string(), .line = line, .column = column},
                "The file is damaged or of an unknown form: fetch it again into the CRDS cache.");
  }

  std::string_view text_;
  const std::filesystem::path& file_;
  LiteralLimits limits_;
  std::size_t at_ = 0;
  std::size_t line_begin_ = 0;
  std::size_t values_ = 0;
  int line_ = 1;
  int depth_ = 0;
};

}  // namespace

const Literal* Literal::find(std::string_view key) const {
  if (kind != Kind::dict) return nullptr;
  for (std::size_t i = items.size(); i >= 2; i -= 2) {
    if (items[i - 2].is_string() && items[i - 2].text == key) return &items[i - 1];
  }
  return nullptr;
}

std::vector<Assignment> parse_assignments(std::string_view text, const std::filesystem::path& file, LiteralLimits limits) {
  return Parser(text, file, limits).assignments();
}

Literal parse_literal(std::string_view text, const std::filesystem::path& file, LiteralLimits limits) {
  return Parser(text, file, limits).single();
}

std::string to_text(const Literal& value) {
  switch (value.kind) {
    case Literal::Kind::none: return "None";
    case Literal::Kind::dict: return "{...}";
    case Literal::Kind::call: return value.text + "(...)";
    case Literal::Kind::tuple:
    case Literal::Kind::list: break;
    default: return value.text;
  }
  std::string text = "(";
  for (const Literal& item : value.items) text += (text.size() > 1 ? ", " : "") + to_text(item);
  return text + ")";
}

}  // namespace spec2::pipeline
