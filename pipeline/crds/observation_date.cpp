#include "pipeline/crds/observation_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cctype>
#include <vector>

#include <fmt/format.h>

#include "pipeline/crds/value_conditioning.hpp"

namespace spec2::pipeline {
namespace {

struct Time {
  int hour = 0;
  int minute = 0;
  int second = 0;
  int microsecond = 0;
};

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// `mask` has 9 for a digit; every other character stands for itself.
bool has_form(std::string_view text, std::string_view mask) {
  if (text.size() != mask.size()) return false;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] == '9' ? !is_digits(text.substr(i, 1)) : text[i] != mask[i]) return false;
  }
  return true;
}

std::optional<int> whole(std::string_view given) {
  const std::string_view text = strip(given);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators, bool drop_empty) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    if (end > begin || !drop_empty) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::optional<Time> parse_time(std::string_view text) {
  text = strip(text);
  bool morning = false;
  bool afternoon = false;
  if (text.size() >= 2) {
    const std::string half = upper_case(text.substr(text.size() - 2));
    morning = half == "AM";
    afternoon = half == "PM";
    if (morning || afternoon) text.remove_suffix(2);
  }
  const auto parts = split(text, ":", false);
  if (parts.size() < 2 || parts.size() > 4) return std::nullopt;
  const auto hour = whole(parts[0]);
  const auto minute = whole(parts[1]);
  const auto second = parts.size() > 2 ? python_float(parts[2]) : std::optional<double>(0.0);
  if (!hour || !minute || !second || !(*second > -1.0 && *second < 60.0)) return std::nullopt;
  Time time{*hour, *minute, static_cast<int>(*second), 0};
  time.microsecond = static_cast<int>((*second - time.second) * 1e6);
  if (afternoon && time.hour < 12) time.hour += 12;
  if (morning && time.hour == 12) time.hour = 0;
  return time;
}

std::optional<std::string> written(int year, int month, int day, const Time& time) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (year < 1 || year > 9999 || month < 1 || month > 12) return std::nullopt;
  const int last_day = kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
  if (day < 1 || day > last_day || time.hour < 0 || time.hour > 23 || time.minute < 0 || time.minute > 59 || time.second < 0 ||
      time.second > 59 || time.microsecond < 0) {
    return std::nullopt;
  }
  std::string text = fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", year, month, day, time.hour, time.minute, time.second);
  if (time.microsecond != 0) text += fmt::format(".{:06}", time.microsecond);
  return text;
}

std::optional<int> month_number(std::string_view name) {
  static constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                                 "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::string start = lower_case(name.substr(0, 3));
  const auto found = std::find(std::begin(kMonths), std::end(kMonths), start);
  if (found == std::end(kMonths)) return std::nullopt;
  return static_cast<int>(found - std::begin(kMonths)) + 1;
}

std::optional<std::string> with_month_name(std::string text) {
  text = lower_case(text);
  for (const std::string_view half : {" am", " pm"}) {
    if (text.ends_with(half)) text.erase(text.size() - 3, 1);
  }
  std::replace(text.begin(), text.end(), '-', ' ');
  std::replace(text.begin(), text.end(), '/', ' ');
  const auto parts = split(text, " \t", true);
  if (parts.size() != 3 && parts.size() != 4) return std::nullopt;
  std::string_view first = parts[0];
  std::string_view second = parts[1];
  if (second.ends_with(',')) second.remove_suffix(1);
  if (!month_number(first)) std::swap(first, second);
  const auto month = month_number(first);
  const auto day = whole(second);
  const auto year = whole(parts[2]);
  const auto time = parse_time(parts.size() == 4 ? parts[3] : "00:00");
  if (!month || !day || !year || !time) return std::nullopt;
  return written(*year, *month, *day, *time);
}

std::optional<std::string> numerical(std::string text) {
  std::replace(text.begin(), text.end(), '-', '/');
  const std::size_t blank = std::min(text.find_first_of(" \t"), text.size());
  const std::string_view date = std::string_view(text).substr(0, blank);
  const std::string_view rest = strip(std::string_view(text).substr(blank));
  const auto time = parse_time(rest.empty() ? "00:00:00" : rest);
  if (!time) return std::nullopt;
  const auto field = [&](std::size_t at, std::size_t length) { return *whole(date.substr(at, length)); };
  if (has_form(date, "99/99/9999")) return written(field(6, 4), field(0, 2), field(3, 2), *time);
  if (has_form(date, "9999/99/99")) return written(field(0, 4), field(5, 2), field(8, 2), *time);
  if (has_form(date, "99/99/99")) {
    const int year = field(6, 2);
    if (year >= 40 && year < 90) return std::nullopt;
    return written(year + (year >= 90 ? 1900 : 2000), field(3, 2), field(0, 2), *time);
  }
  if (has_form(date, "99999999:999999")) {
    return written(field(0, 4), field(4, 2), field(6, 2), {field(9, 2), field(11, 2), field(13, 2), 0});
  }
  return std::nullopt;
}

/// YYYY-MM-DDTHH:MM[:SS][.ffffff]
bool has_t_form(std::string_view text) {
  std::string form(text.substr(0, std::min<std::size_t>(text.find('.'), text.size())));
  std::replace(form.begin(), form.end(), '/', '-');
  if (form.size() != text.size()) {
    const std::string_view fraction = text.substr(form.size() + 1);
    if (!is_digits(fraction) || fraction.size() > 6) return false;
  }
  return has_form(form, "9999-99-99T99:99") || has_form(form, "9999-99-99T99:99:99");
}

}  // namespace

std::optional<std::string> standard_date(std::string_view given) {
  if (given.size() > 200 || strip(given).empty() || given.find("UNDEFINED") != std::string_view::npos) return std::nullopt;
  std::string text(given);
  if (text.ends_with(" UT")) text.resize(text.size() - 3);
  if (has_t_form(text)) text[10] = ' ';
  int letters = 0;
  for (const char c : text) {
    letters = std::isalpha(static_cast<unsigned char>(c)) ? letters + 1 : 0;
    if (letters == 3) return with_month_name(std::move(text));
  }
  return numerical(std::move(text));
}

}  // namespace spec2::pipeline
