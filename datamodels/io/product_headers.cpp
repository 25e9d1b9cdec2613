#include "datamodels/io/product_headers.hpp"

#include <sys/time.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <set>

#include <fmt/format.h>

namespace spec2::io {
namespace {

/// "2026-11-23T11:59:24.926", UTC.
std::string date_now() {
  timeval now{};
  ::gettimeofday(&now, nullptr);
  std::tm parts{};
  ::gmtime_r(&now.tv_sec, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  return fmt::format("{}.{:03}", text, now.tv_usec / 1000);
}

struct RankedEntry {
  std::size_t rank;
  const KeywordInfo* info;
  const Metadata::Entry* entry;
};

void sort_by_rank(std::vector<RankedEntry>& entries) {
  std::stable_sort(entries.begin(), entries.end(), [](const RankedEntry& a, const RankedEntry& b) { return a.rank < b.rank; });
}

Card card_of(const RankedEntry& ranked) {
  return {ranked.entry->keyword, ranked.entry->value, ranked.info ? std::string(ranked.info->comment) : std::string()};
}

/// Puts the title of a group above its first keyword.
class Titles {
 public:
  void add_above(const RankedEntry& ranked, std::vector<Card>& cards) {
    if (!ranked.info) return;
    const std::string_view path = ranked.info->path;
    for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
      const std::string_view title = section_title(path.substr(0, dot));
      if (title.empty() || !shown_.insert(title).second) continue;
      cards.push_back({});
      cards.push_back({"", std::string(), std::string(title)});
      cards.push_back({});
    }
  }

 private:
  std::set<std::string_view> shown_;
};

/// Groups of a slit's header in the order in which the peer writes those of an item of a list of slits.
std::size_t slit_rank(const KeywordInfo& info) {
  static constexpr std::array<std::string_view, 8> kGroups = {
      "slit.",     "meta.bunit_data",     "meta.photometry.", "meta.coordinates.",
      "meta.aperture.", "meta.pointing.", "meta.velocity_aberration.", "meta.wcsinfo."};
  const auto group =
      std::find_if(kGroups.begin(), kGroups.end(), [&](std::string_view start) { return info.path.starts_with(start); });
  const std::size_t table = keyword_table().size();
  std::size_t row = keyword_rank(info);
  std::size_t place = static_cast<std::size_t>(group - kGroups.begin());
  // The schema of a slit has its own SRCTYPE, before the source position.
  if (info.keyword == "SRCTYPE") {
    place = 0;
    row = keyword_rank(*find_keyword("SRCXPOS", HeaderPlace::sci)) - 1;
  }
  return place * table + row;
}

}  // namespace

bool is_of_whole_exposure(const KeywordInfo& info) {
  return info.path.starts_with("meta.exposure.") || info.path.starts_with("meta.ephemeris.") ||
         info.path.starts_with("meta.target.");
}

Metadata product_metadata(const Exposure& exposure, const std::string& file_name, const std::string& version) {
  Metadata meta = exposure.meta;
  meta.set("DATE", date_now());
  meta.set("FILENAME", file_name);
  meta.set("DATAMODL", std::string(model_name(exposure.kind)));
  meta.set("CAL_VER", version);
  meta.set("CAL_VCS", "RELEASE");
  return meta;
}

ExposureCards exposure_cards(const Metadata& meta, ModelKind kind) {
  const bool has_slits = kind == ModelKind::multi_slit;
  const bool has_spectra = kind == ModelKind::multi_spec || kind == ModelKind::tso_multi_spec;
  std::vector<RankedEntry> entries;
  for (const Metadata::Entry& entry : meta.entries()) {
    const KeywordInfo* const info = find_keyword(entry.keyword, HeaderPlace::primary);
    if (info && info->place == HeaderPlace::sci && (has_spectra || (has_slits && !is_of_whole_exposure(*info)))) continue;
    entries.push_back({info ? keyword_rank(*info) : keyword_table().size(), info, &entry});
  }
  sort_by_rank(entries);
  ExposureCards cards;
  Titles titles;
  for (const RankedEntry& each : entries) {
    std::vector<Card>& header = each.info && each.info->place == HeaderPlace::sci ? cards.sci : cards.primary;
    titles.add_above(each, header);
    header.push_back(card_of(each));
  }
  return cards;
}

Metadata slit_metadata(const Exposure& exposure, const Slit& slit) {
  Metadata meta;
  for (const Metadata::Entry& entry : exposure.meta.entries()) {
    const KeywordInfo* const info = find_keyword(entry.keyword, HeaderPlace::sci);
    if (info && info->place == HeaderPlace::sci && !is_of_whole_exposure(*info)) meta.set(entry.keyword, entry.value);
  }
  if (slit.source_type != SourceType::unknown) meta.set("SRCTYPE", std::string(to_string(slit.source_type)));
  meta.set("SLTNAME", slit.name);
  meta.set("SLTSTRT1", slit.xstart);
  meta.set("SLTSIZE1", slit.xsize);
  meta.set("SLTSTRT2", slit.ystart);
  meta.set("SLTSIZE2", slit.ysize);
  meta.set("SHUTTRID", slit.shutter_id);
  meta.set("SOURCEID", slit.source_id);
  if (slit.has_source_position) {
    meta.set("SRCXPOS", slit.source_xpos);
    meta.set("SRCYPOS", slit.source_ypos);
  }
  meta.update(slit.meta);
  return meta;
}

std::vector<Card> slit_cards(const Metadata& slit_meta) {
  std::vector<RankedEntry> entries;
  for (const Metadata::Entry& entry : slit_meta.entries()) {
    const KeywordInfo* const info = find_keyword(entry.keyword, HeaderPlace::sci);
    if (info && info->place == HeaderPlace::sci) entries.push_back({slit_rank(*info), info, &entry});
  }
  sort_by_rank(entries);
  std::vector<Card> cards;
  Titles titles;
  for (const RankedEntry& each : entries) {
    if (each.info->keyword != "SRCTYPE") titles.add_above(each, cards);
    cards.push_back(card_of(each));
  }
  return cards;
}

std::vector<Card> spectrum_cards(const Metadata& spectrum_meta) {
  std::vector<RankedEntry> entries;
  for (const Metadata::Entry& entry : spectrum_meta.entries()) {
    const KeywordInfo* const info = find_keyword(entry.keyword, HeaderPlace::extract1d);
    entries.push_back({info ? keyword_rank(*info) : keyword_table().size(), info, &entry});
  }
  sort_by_rank(entries);
  std::vector<Card> cards;
  for (const RankedEntry& each : entries) cards.push_back(card_of(each));
  return cards;
}

}  // namespace spec2::io
