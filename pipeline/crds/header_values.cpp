#include "pipeline/crds/header_values.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "pipeline/crds/value_conditioning.hpp"

namespace spec2::pipeline {
namespace {

/// FITS keyword and META path of the datamodels' core schema (stdatamodels 6), sorted by keyword. Keywords of products
/// (results of steps, names of references) are left out: no rule can ask for them.
constexpr std::pair<std::string_view, std::string_view> kFitsKeywords[] = {
#include "pipeline/crds/fits_keywords.inc"
};

}  // namespace

std::string meta_path_of(std::string_view fits_keyword) {
  const auto before = [](const auto& row, std::string_view keyword) { return row.first < keyword; };
  const auto* found = std::lower_bound(std::begin(kFitsKeywords), std::end(kFitsKeywords), fits_keyword, before);
  if (found == std::end(kFitsKeywords) || found->first != fits_keyword) return std::string(fits_keyword);
  return std::string(found->second);
}

void HeaderValues::set(std::string_view key, std::string_view value) {
  std::string name = upper_case(key);
  if (!name.starts_with("META.")) name = meta_path_of(name);
  values_[std::move(name)] = condition_value(value);
}

void HeaderValues::set(std::string_view key, bool value) { set(key, std::string_view(value ? "T" : "F")); }
void HeaderValues::set(std::string_view key, std::int64_t value) { set(key, fmt::format("{}", value)); }
void HeaderValues::set(std::string_view key, double value) { set(key, python_str(value)); }

const std::string* HeaderValues::find(std::string_view meta_path) const {
  const auto found = values_.find(meta_path);
  return found == values_.end() ? nullptr : &found->second;
}

}  // namespace spec2::pipeline
