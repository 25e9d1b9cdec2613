#include "datamodels/io/fits_structure.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace spec2::io {
namespace {

constexpr std::int64_t kBlock = 2880, kCard = 80;
constexpr std::size_t kLongestNumber = 28;
constexpr std::int64_t kMostAxes = 9, kMostColumns = 999, kMostHdus = 100'000;

/// The numbers of a header that say how many bytes follow it.
struct Layout {
  std::int64_t bits = 8, axes = 0, parameters = 0, groups = 1;
  std::array<std::int64_t, kMostAxes> length{};
};

class Walk {
 public:
  Walk(const std::filesystem::path& path, ErrorCause cause)
      : path_(path.string()), cause_(cause), file_(path, std::ios::binary),
        size_(static_cast<std::int64_t>(std::filesystem::file_size(path))) {}

  void run() {
    std::int64_t at = 0;
    while (at < size_) {
      if (++hdu_ > kMostHdus) fail("the file has too many HDUs", {});
      // What follows the last HDU and does not begin as one is no part of the file.
      if (!read_block(at)) fail_truncated();
      const bool begins = hdu_ == 1 ? card(0).starts_with("SIMPLE  =") : card(0).starts_with("XTENSION=");
      if (!begins && hdu_ == 1) fail("this is no FITS file", "SIMPLE", "Give a FITS file, unpacked");
      if (!begins) return;
      at = after_data(read_header(at));
    }
    if (hdu_ == 0) fail("the file is empty", {});
  }

 private:
  std::string_view card(std::int64_t i) const { return {block_.data() + i * kCard, kCard}; }

  bool read_block(std::int64_t at) {
    if (at + kBlock > size_) return false;
    file_.seekg(at);
    file_.read(block_.data(), kBlock);
    return file_.good();
  }

  /// Position behind the header that begins in the block held.
  std::int64_t read_header(std::int64_t at) {
    layout_ = Layout();
    name_.clear();
    check_order();
    for (;;) {
      for (std::int64_t i = 0; i < kBlock / kCard; ++i) {
        if (card(i).starts_with("END     ")) return at + kBlock;
        note(card(i));
      }
      at += kBlock;
      if (!read_block(at)) fail_truncated();
    }
  }

  static std::string_view keyword_of(std::string_view text) { return text.substr(0, text.find_last_not_of(' ', 7) + 1); }

  /// The first cards, which the standard has in this order; CFITSIO 4.2 goes on with values it does not have when one is missing.
  void check_order() const {
    std::int64_t at = 1;
    const auto expect = [&](std::string_view keyword) {
      if (keyword_of(card(at)) != keyword || card(at).substr(8, 2) != "= ") {
        fail("the keyword is missing, or not in its place", keyword);
      }
      ++at;
    };
    expect("BITPIX");
    expect("NAXIS");
    const std::int64_t axes = number(card(at - 1), "NAXIS", 0, kMostAxes);
    for (std::int64_t i = 1; i <= axes; ++i) expect(fmt::format("NAXIS{}", i));
    if (hdu_ == 1) return;
    expect("PCOUNT");
    expect("GCOUNT");
    if (value_of(card(0)).find("TABLE") != std::string_view::npos) expect("TFIELDS");
  }

  void note(std::string_view text) {
    const std::string_view keyword = keyword_of(text);
    if (text.substr(8, 2) != "= ") return;
    // No number is longer, and CFITSIO 4.2 cannot name a longer one in a message without ending the process.
    if (value_of(text).size() > kLongestNumber && value_of(text).front() != '\'') {
      fail("the value is neither a text nor a number", keyword);
    }
    if (keyword == "EXTNAME") name_ = fmt::format("{} (number {})", value_of(text), hdu_);
    if (keyword == "BITPIX") layout_.bits = std::abs(number(text, keyword, -64, 64));
    if (keyword == "NAXIS") layout_.axes = number(text, keyword, 0, kMostAxes);
    if (keyword == "PCOUNT") layout_.parameters = number(text, keyword, 0, size_);
    if (keyword == "GCOUNT") layout_.groups = number(text, keyword, 0, size_);
    if (keyword == "TFIELDS") number(text, keyword, 0, kMostColumns);
    if (keyword == "ZNAXIS") number(text, keyword, 0, kMostAxes);
    if (keyword.size() == 6 && keyword.starts_with("NAXIS") && keyword[5] >= '1' && keyword[5] <= '9') {
      layout_.length[static_cast<std::size_t>(keyword[5] - '1')] = number(text, keyword, 0, std::int64_t{1} << 40);
    }
  }

  static std::string_view value_of(std::string_view text) {
    std::string_view value = text.substr(10, text.find('/', 10) - 10);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    return value.substr(0, value.find_last_not_of(' ') + 1);
  }

  /// The whole number of a card; `least` to `most`.
  std::int64_t number(std::string_view text, std::string_view keyword, std::int64_t least, std::int64_t most) const {
    std::string_view value = value_of(text);
    if (value.starts_with('+')) value.remove_prefix(1);
    std::int64_t result = 0;
    const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), result);
    if (code != std::errc() || end != value.data() + value.size() || result < least || result > most) {
      fail(fmt::format("the value is no whole number from {} to {}", least, most), keyword);
    }
    return result;
  }

  /// Position behind the data of the header just read, which begin at `at`.
  std::int64_t after_data(std::int64_t at) const {
    std::int64_t values = layout_.axes > 0 ? 1 : 0;
    for (std::int64_t i = 0; i < layout_.axes; ++i) {
      const std::int64_t length = layout_.length[static_cast<std::size_t>(i)];
      if (length > 0 && values > size_ / length) fail_truncated();
      values *= length;
    }
    const std::int64_t items = values + layout_.parameters;
    if (layout_.groups > 0 && items > size_ / layout_.groups) fail_truncated();
    const std::int64_t bytes = items * layout_.groups * layout_.bits / 8;
    if (bytes > size_ - at) {
      fail(fmt::format("the file is truncated: the HDU ends at byte {}, the file at {}", at + bytes, size_), {});
    }
    return at + (bytes + kBlock - 1) / kBlock * kBlock;
  }

  [[noreturn]] void fail_truncated() const { fail("the file is truncated: its headers claim more bytes than it has", {}); }
  [[noreturn]] void fail(const std::string& problem, std::string_view keyword,
                         const char* advice = "Fetch or make the file again") const {
    throw Error(cause_, problem,
                {.file = path_, .hdu = name_.empty() ? fmt::format("number {}", hdu_) : name_, .keyword = std::string(keyword)},
                advice);
  }

  std::string path_;
  ErrorCause cause_;
  std::ifstream file_;
  std::int64_t size_;
  std::int64_t hdu_ = 0;
  std::string name_;  ///< of the HDU, for messages
  std::array<char, kBlock> block_{};
  Layout layout_;
};

}  // namespace

void check_structure(const std::filesystem::path& path, ErrorCause cause) { Walk(path, cause).run(); }

}  // namespace spec2::io
