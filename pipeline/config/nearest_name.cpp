#include "pipeline/config/nearest_name.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace spec2::pipeline {
namespace {

constexpr std::size_t kLongest = 64;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Letters to insert, delete or exchange (Levenshtein), case apart.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t exchanged = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, exchanged});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(std::string_view given, const std::vector<std::string>& names) {
  if (given.empty() || given.size() > kLongest) return {};
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, given.size() / 3) + 1;
  for (const std::string& name : names) {
    const bool beginning = given.size() > 2 && name.starts_with(given);
    const std::size_t away = beginning ? 1 : distance(given, name);
    if (away < best_distance) {
      best_distance = away;
      best = name;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view given, const std::vector<std::string>& names) {
  const std::string name = nearest_name(given, names);
  return name.empty() ? std::string() : fmt::format("Did you mean '{}'? ", name);
}

}  // namespace spec2::pipeline
