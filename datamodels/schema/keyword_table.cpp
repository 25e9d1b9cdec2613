#include "datamodels/schema/keyword_table.hpp"

#include <array>
#include <unordered_map>

namespace spec2 {
namespace {

constexpr KeywordInfo kTable[] = {
#include "datamodels/schema/keywords.inc"
};

struct Section {
  std::string_view path;
  std::string_view title;
};

constexpr Section kSections[] = {
#include "datamodels/schema/section_titles.inc"
};

using Index = std::unordered_map<std::string_view, const KeywordInfo*>;

const Index& index_of(HeaderPlace place) {
  static const std::array<Index, 3> indices = [] {
    std::array<Index, 3> made;
    for (const KeywordInfo& info : kTable) made[static_cast<std::size_t>(info.place)].emplace(info.keyword, &info);
    return made;
  }();
  return indices[static_cast<std::size_t>(place)];
}

}  // namespace

std::span<const KeywordInfo> keyword_table() noexcept { return kTable; }

const KeywordInfo* find_keyword(std::string_view keyword, HeaderPlace place) noexcept {
  for (const HeaderPlace each : {place, HeaderPlace::primary, HeaderPlace::sci}) {
    const Index& index = index_of(each);
    const auto found = index.find(keyword);
    if (found != index.end()) return found->second;
  }
  return nullptr;
}

std::string_view section_title(std::string_view path) noexcept {
  for (const Section& section : kSections) {
    if (section.path == path) return section.title;
  }
  return {};
}

std::size_t keyword_rank(const KeywordInfo& info) noexcept { return static_cast<std::size_t>(&info - kTable); }

}  // namespace spec2
