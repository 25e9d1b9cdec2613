#include "datamodels/io/header_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace spec2::io {
namespace {

/// Letters between the quotes of one record when another follows: 80 less keyword, "= " or blanks, quotes and "&".
constexpr std::size_t kPieceLength = 67;
constexpr std::size_t kSingleLength = 68;

/// A record of a header: blanks where nothing was put; what comes after its 80 letters is cut off. Products have thousands of
/// records: they are put together in place and not from other texts.
class Record {
 public:
  Record() { letters_.fill(' '); }
  Record& add(std::string_view text) {
    const std::size_t count = std::min(text.size(), letters_.size() - used_);
    std::copy_n(text.begin(), count, letters_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ += count;
    return *this;
  }
  /// Blanks up to this column, unless there is text.
  Record& to(std::size_t column) {
    used_ = std::max(used_, column);
    return *this;
  }
  /// Text that ends before this column, or longer text.
  Record& right(std::string_view text, std::size_t column) { return to(column - std::min(column, text.size())).add(text); }
  Record& comment(std::string_view text) { return text.empty() ? *this : add(" / ").add(text); }
  void append_to(std::string& header) const { header.append(letters_.data(), letters_.size()); }

 private:
  std::array<char, kCardLength> letters_;
  std::size_t used_ = 0;
};

/// Where keyword and value of the fixed form end.
constexpr std::size_t kKeywordEnd = 8;
constexpr std::size_t kValueEnd = 30;

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

void append_text(std::string& header, const Card& card) {
  const std::string value = quoted(std::get<std::string>(card.value));
  if (value.size() <= kSingleLength) {
    constexpr std::size_t kShortestEnd = 19;  // eight letters behind the quote
    Record record;
    record.add(card.keyword).to(kKeywordEnd).add("= '").add(value).to(kShortestEnd).add("'");
    record.to(kValueEnd).comment(card.comment).append_to(header);
    return;
  }
  const std::string first = fmt::format("{:<8}= ", card.keyword);
  std::string_view lead = first;
  for (std::size_t at = 0; at < value.size();) {
    std::size_t length = std::min(kPieceLength, value.size() - at);
    // A doubled quote stays in one record: an odd run of quotes at the end of the piece gives its last one to the next.
    const std::string_view piece(value.data() + at, length);
    const std::size_t other = piece.find_last_not_of('\'');
    const std::size_t run = other == std::string_view::npos ? length : length - other - 1;
    if (run % 2 == 1 && at + length < value.size()) --length;
    Record().add(lead).add("'").add(std::string_view(value).substr(at, length)).add("&'").append_to(header);
    lead = "CONTINUE  ";
    at += length;
  }
  Record().add("CONTINUE  ''").comment(card.comment).append_to(header);
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
    Record().to(kKeywordEnd).add(quoted(card.comment)).append_to(header);
    return;
  }
  if (!is_keyword(card.keyword)) return;
  std::string value;
  if (std::holds_alternative<std::string>(card.value)) {
    append_text(header, card);
    return;
  }
  if (const bool* const flag = std::get_if<bool>(&card.value)) {
    value.assign(1, *flag ? 'T' : 'F');
  } else if (const auto* const integer = std::get_if<std::int64_t>(&card.value)) {
    value = fmt::format("{}", *integer);
  } else if (const double real = std::get<double>(card.value); std::isfinite(real)) {
    value = real_text(real);
  } else {
    return;
  }
  Record().add(card.keyword).to(kKeywordEnd).add("= ").right(value, kValueEnd).comment(card.comment).append_to(header);
}

void append_end(std::string& header) {
  Record().add("END").append_to(header);
  header.append((kBlockLength - header.size() % kBlockLength) % kBlockLength, ' ');
}

}  // namespace spec2::io
