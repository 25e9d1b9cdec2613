#include "pipeline/crds/rule_matcher.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/crds/value_conditioning.hpp"

namespace spec2::pipeline {
namespace {

constexpr int kDeepest = 16;
constexpr std::size_t kLongestKey = 16384;

bool enclosed(std::string_view key, char open, char close) {
  return key.size() >= 2 && key.front() == open && key.back() == close;
}

[[noreturn]] void refuse(std::string_view key, std::string_view problem) {
  throw Error(ErrorCause::reference, fmt::format("rule key '{}': {}", key.substr(0, 200), problem), {},
              "The mapping file is damaged or of an unknown form: fetch it again into the CRDS cache.");
}

/// The number at the start of `text`: what follows it is ignored, as the original does.
std::optional<double> leading_number(std::string_view text) {
  text = strip(text);
  const auto digits = [&](std::size_t at) {
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]))) ++at;
    return at;
  };
  std::size_t at = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  std::size_t end = digits(at);
  if (end + 1 < text.size() && text[end] == '.' && std::isdigit(static_cast<unsigned char>(text[end + 1]))) end = digits(end + 1);
  if (end == at) return std::nullopt;
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    const std::size_t sign = end + 1 < text.size() && (text[end + 1] == '+' || text[end + 1] == '-') ? 1 : 0;
    const std::size_t exponent_end = digits(end + 1 + sign);
    if (exponent_end > end + 1 + sign) end = exponent_end;
  }
  return python_float(text.substr(0, end));
}

}  // namespace

bool is_esoteric(std::string_view given) {
  const std::string key = upper_case(given);
  const auto any_of = [](char c, std::string_view set) { return set.find(c) != std::string_view::npos; };
  if (!key.empty() && any_of(key.front(), "{(#") && any_of(key.back(), "})#")) return true;
  return key.starts_with("BETWEEN") || key.starts_with("NOT");
}

std::vector<std::string> or_parts(std::string_view key) {
  if (is_esoteric(key) || key.find('|') == std::string_view::npos) return {std::string(key)};
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= key.size();) {
    const std::size_t end = std::min(key.find('|', begin), key.size());
    const std::string_view part = strip(key.substr(begin, end - begin));
    if (!part.empty()) parts.emplace_back(part);
    begin = end + 1;
  }
  std::sort(parts.begin(), parts.end());
  return parts;
}

RuleMatcher::RuleMatcher(std::string_view key, int depth) : key_(key) {
  if (depth > kDeepest) refuse(key, "conditions are nested too deeply");
  if (key.size() > kLongestKey) refuse(key, "the key is too long");
  const std::string upper = upper_case(key);
  if (enclosed(key, '(', ')')) {
    kind_ = Kind::regex;
    key_ = key.substr(1, key.size() - 2);
    pattern_.emplace(key_);
  } else if (enclosed(key, '{', '}')) {
    key_ = key.substr(1, key.size() - 2);
  } else if (enclosed(key, '#', '#')) {
    if (upper.find(" AND ") != std::string::npos) {
      read_relation(upper, "AND", depth);
    } else if (upper.find(" OR ") != std::string::npos) {
      read_relation(upper, "OR", depth);
    } else {
      *this = RuleMatcher(std::string_view(upper).substr(1, upper.size() - 2), depth + 1);
    }
  } else if (upper.starts_with("BETWEEN")) {
    const std::string_view bounds = strip(key.substr(7));
    const std::size_t blank = bounds.find_first_of(" \t");
    const std::string_view low = bounds.substr(0, blank);
    const std::string_view high = blank == std::string_view::npos ? "" : strip(bounds.substr(blank));
    const auto low_value = python_float(low);
    const auto high_value = python_float(high);
    if (!low_value || !high_value || !(*low_value <= *high_value)) refuse(key, "expected BETWEEN lower upper");
    read_relation(fmt::format(">={} AND <{}", low, high), "AND", depth);
  } else if (upper.starts_with("NOT ")) {
    kind_ = Kind::negation;
    operands_.emplace_back(strip(key.substr(4)), depth + 1);
  } else if (key.find_first_of("|*") != std::string_view::npos) {
    kind_ = Kind::glob;
    globs_ = or_parts(key);
    key_.clear();
  } else if (key == "N/A") {
    kind_ = Kind::not_applicable;
  } else if (key.starts_with('>') || key.starts_with('<')) {
    read_inequality(key);
  }
}

void RuleMatcher::read_relation(std::string_view key, std::string_view operation, int depth) {
  kind_ = operation == "AND" ? Kind::both : Kind::either;
  key_ = key;
  std::string_view body = strip(key);
  if (body.starts_with('#')) body = body.substr(1, body.size() - 2);
  // Only the first two terms count, and the operation splits wherever its letters stand.
  const std::size_t first_end = body.find(operation);
  std::string_view rest = body.substr(first_end + operation.size());
  rest = rest.substr(0, rest.find(operation));
  operands_.emplace_back(strip(body.substr(0, first_end)), depth + 1);
  operands_.emplace_back(strip(rest), depth + 1);
}

void RuleMatcher::read_inequality(std::string_view key) {
  kind_ = Kind::inequality;
  const std::size_t length = key.size() > 1 && key[1] == '=' ? 2 : 1;
  relation_ = key.substr(0, length);
  const auto bound = leading_number(key.substr(length));
  if (!bound) refuse(key, "no number after the relation");
  bound_ = *bound;
}

MatchResult RuleMatcher::match(std::string_view value) const {
  if (kind_ == Kind::not_applicable) return MatchResult::does_not_matter;
  if (kind_ == Kind::negation) {
    const MatchResult positive = operands_[0].match(value);
    if (positive == MatchResult::does_not_matter) return positive;
    return positive == MatchResult::matches ? MatchResult::no_match : MatchResult::matches;
  }
  const bool equal = kind_ != Kind::glob && value == key_;
  if (equal || value == "*") return MatchResult::matches;
  if (value == "N/A") return MatchResult::does_not_matter;
  return own_test(value) ? MatchResult::matches : MatchResult::no_match;
}

bool RuleMatcher::own_test(std::string_view value) const {
  const auto takes = [&](const RuleMatcher& operand) { return operand.match(value) == MatchResult::matches; };
  switch (kind_) {
    case Kind::glob:
      return std::any_of(globs_.begin(), globs_.end(), [&](const std::string& glob) { return glob_match(glob, value); });
    case Kind::regex: return pattern_ && pattern_->matches_start_of(value);
    case Kind::both: return takes(operands_[0]) && takes(operands_[1]);
    case Kind::either: return takes(operands_[0]) || takes(operands_[1]);
    case Kind::inequality: {
      const auto number = python_float(value);
      if (!number) return false;
      if (relation_ == "<") return *number < bound_;
      if (relation_ == "<=") return *number <= bound_;
      return relation_ == ">" ? *number > bound_ : *number >= bound_;
    }
    default: return false;
  }
}

}  // namespace spec2::pipeline
