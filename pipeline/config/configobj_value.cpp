#include <algorithm>
#include <vector>

#include "pipeline/config/configobj.hpp"

namespace spec2::pipeline {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }
bool is_quote(char c) { return c == '"' || c == '\''; }

/// Finds the members of a value. Where a quote may close in several places the first that lets the rest be a value counts,
/// so positions from which the rest is none are remembered.
class ValueParser {
 public:
  explicit ValueParser(std::string_view text) : text_(text), dead_(text.size() + 1, false) {}

  /// Members and whether there is a comma.
  bool parse(std::vector<std::string>& members, bool& is_list) {
    std::vector<std::string_view> found;
    if (!rest(0, found)) return false;
    is_list = commas_ > 0;
    members.assign(found.begin(), found.end());
    return true;
  }

 private:
  std::size_t skip_blanks(std::size_t at) const {
    while (at < text_.size() && is_blank(text_[at])) ++at;
    return at;
  }
  bool at_end(std::size_t at) const {
    at = skip_blanks(at);
    return at == text_.size() || text_[at] == '#';
  }

  /// Members from `at` to the end. Loops over plain members and goes deeper only where a quote has a choice.
  bool rest(std::size_t at, std::vector<std::string_view>& found) {
    const std::size_t known_members = found.size();
    const std::size_t known_commas = commas_;
    const std::size_t begin = at;
    for (;;) {
      if (dead_[at]) break;
      if (at_end(at)) return true;  // an empty value, or nothing behind the last comma
      if (text_[at] == ',') break;
      if (is_quote(text_[at])) {
        if (quoted(at, found)) return true;
        break;
      }
      const std::size_t stop = text_.find_first_of(",#", at);
      std::size_t end = stop == kNone ? text_.size() : stop;
      while (end > at && is_blank(text_[end - 1])) --end;
      found.push_back(text_.substr(at, end - at));
      if (stop == kNone || text_[stop] == '#') return true;
      ++commas_;
      at = skip_blanks(stop + 1);
    }
    dead_[begin] = true;
    found.resize(known_members);
    commas_ = known_commas;
    return false;
  }

  bool quoted(std::size_t at, std::vector<std::string_view>& found) {
    if (++depth_ > kMostMembers) return false;
    for (std::size_t close = text_.find(text_[at], at + 1); close != kNone; close = text_.find(text_[at], close + 1)) {
      found.push_back(text_.substr(at + 1, close - at - 1));
      if (at_end(close + 1)) return true;
      const std::size_t comma = skip_blanks(close + 1);
      if (text_[comma] == ',') {
        ++commas_;
        const std::size_t next = skip_blanks(comma + 1);
        if (next == text_.size() || rest(next, found)) return true;
        --commas_;
      }
      found.pop_back();
    }
    --depth_;
    return false;
  }

  static constexpr int kMostMembers = 2000;
  std::string_view text_;
  std::vector<bool> dead_;
  std::size_t commas_ = 0;
  int depth_ = 0;
};

}  // namespace

std::optional<ConfigValue> parse_config_value(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  ConfigValue value;
  if (text.starts_with(',')) {  // a comma alone is the empty list
    const std::size_t behind = text.find_first_not_of(" \t", 1);
    if (behind != kNone && text[behind] != '#') return std::nullopt;
    value.kind = ConfigValue::Kind::list;
    return value;
  }
  std::vector<std::string> members;
  bool is_list = false;
  if (!ValueParser(text).parse(members, is_list)) return std::nullopt;
  if (!is_list) {
    value.text = members.empty() ? std::string() : std::move(members.front());
    return value;
  }
  value.kind = ConfigValue::Kind::list;
  for (std::string& member : members) value.items.push_back(ConfigValue::of_text(std::move(member)));
  return value;
}

}  // namespace spec2::pipeline
