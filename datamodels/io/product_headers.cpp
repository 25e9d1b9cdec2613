#include "datamodels/io/product_headers.hpp"

#include <sys/time.h>

#include <algorithm>
#include <ctime>

#include "datamodels/schema/keyword_table.hpp"

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

struct RankedCard {
  std::size_t rank;
  Card card;
};

std::vector<Card> sorted_cards(std::vector<RankedCard> ranked) {
  std::stable_sort(ranked.begin(), ranked.end(), [](const RankedCard& a, const RankedCard& b) { return a.rank < b.rank; });
  std::vector<Card> cards;
  cards.reserve(ranked.size());
  for (RankedCard& each : ranked) cards.push_back(std::move(each.card));
  return cards;
}

/// The entries of `meta` whose keyword belongs to `place`, with their comments.
std::vector<Card> cards_of(const Metadata& meta, HeaderPlace place, bool keep_unknown) {
  std::vector<RankedCard> ranked;
  for (const Metadata::Entry& entry : meta.entries()) {
    const KeywordInfo* const info = find_keyword(entry.keyword, place);
    if (info && info->place != place) continue;
    if (!info && !keep_unknown) continue;
    ranked.push_back({info ? keyword_rank(*info) : keyword_table().size(),
                      {entry.keyword, entry.value, info ? std::string(info->comment) : std::string()}});
  }
  return sorted_cards(std::move(ranked));
}

}  // namespace

std::vector<Card> primary_cards(const Exposure& exposure, const std::string& file_name, const std::string& version) {
  Metadata meta = exposure.meta;
  meta.set("DATE", date_now());
  meta.set("FILENAME", file_name);
  meta.set("DATAMODL", std::string(model_name(exposure.kind)));
  meta.set("CAL_VER", version);
  meta.set("CAL_VCS", "RELEASE");
  return cards_of(meta, HeaderPlace::primary, true);
}

std::vector<Card> image_cards(const Metadata& meta) { return cards_of(meta, HeaderPlace::sci, false); }

Metadata slit_metadata(const Exposure& exposure, const Slit& slit) {
  Metadata meta;
  for (const Metadata::Entry& entry : exposure.meta.entries()) {
    const KeywordInfo* const info = find_keyword(entry.keyword, HeaderPlace::sci);
    if (info && info->place == HeaderPlace::sci) meta.set(entry.keyword, entry.value);
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

std::vector<Card> slit_cards(const Exposure& exposure, const Slit& slit) {
  return cards_of(slit_metadata(exposure, slit), HeaderPlace::sci, false);
}

std::vector<Card> spectrum_cards(const Spectrum& spectrum) { return cards_of(spectrum.meta, HeaderPlace::extract1d, true); }

}  // namespace spec2::io
