#include "datamodels/io/header_text.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace spec2::io {
namespace {

/// Letters between the quotes of one record when another follows: 80 less keyword, "= " or blanks, quotes and "&".
constexpr std::size_t kPieceLength = 67;
constexpr std::size_t kSingleLength = 68;

void append_record(std::string& header, std::string_view record) {
  header.append(record.substr(0, kCardLength));
  header.append(kCardLength - std::min(record.size(), kCardLength), ' ');
}

bool is_keyword(std::string_view keyword) {
  return !keyword.empty() && keyword.size() <= 8 && std::all_of(keyword.begin(), keyword.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

/// Printable ASCII, quotes doubled.
std::string quoted(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    result += letter >= ' ' && letter <= '~' ? letter : '?';
    if (letter == '\'') result += letter;
  }
  return result;
}

std::string with_comment(std::string record, const std::string& comment) {
  if (!comment.empty()) record.append(" / ").append(comment);
  return record;
}

void append_text(std::string& header, const Card& card) {
  const std::string value = quoted(std::get<std::string>(card.value));
  if (value.size() <= kSingleLength) {
    append_record(header, with_comment(fmt::format("{:<8}= {:<20}", card.keyword, fmt::format("'{:<8}'", value)), card.comment));
    return;
  }
  std::string lead = fmt::format("{:<8}= ", card.keyword);
  for (std::size_t at = 0; at < value.size();) {
    std::size_t length = std::min(kPieceLength, value.size() - at);
    // A doubled quote stays in one record: an odd run of quotes at the end of the piece gives its last one to the next.
    const std::string_view piece(value.data() + at, length);
    const std::size_t other = piece.find_last_not_of('\'');
    const std::size_t run = other == std::string_view::npos ? length : length - other - 1;
    if (run % 2 == 1 && at + length < value.size()) --length;
    append_record(header, fmt::format("{}'{}&'", lead, value.substr(at, length)));
    lead = "CONTINUE  ";
    at += length;
  }
  append_record(header, with_comment("CONTINUE  ''", card.comment));
}

std::string real_text(double value) {
  std::string text = fmt::format("{}", value);
  std::replace(text.begin(), text.end(), 'e', 'E');
  if (text.find_first_of(".E") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

void append_card(std::string& header, const Card& card) {
  if (card.keyword.empty()) {
    append_record(header, card.comment.empty() ? std::string() : fmt::format("        {}", quoted(card.comment)));
    return;
  }
  if (!is_keyword(card.keyword)) return;
  std::string value;
  if (std::holds_alternative<std::string>(card.value)) {
    append_text(header, card);
    return;
  }
  if (const bool* const flag = std::get_if<bool>(&card.value)) {
    value = *flag ? "T" : "F";
  } else if (const auto* const integer = std::get_if<std::int64_t>(&card.value)) {
    value = fmt::format("{}", *integer);
  } else if (const double real = std::get<double>(card.value); std::isfinite(real)) {
    value = real_text(real);
  } else {
    return;
  }
  append_record(header, with_comment(fmt::format("{:<8}= {:>20}", card.keyword, value), card.comment));
}

void append_end(std::string& header) {
  append_record(header, "END");
  header.append((kBlockLength - header.size() % kBlockLength) % kBlockLength, ' ');
}

}  // namespace spec2::io
