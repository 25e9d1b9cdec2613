#include "datamodels/schema/primary_keywords.hpp"

#include "datamodels/schema/keyword_table.hpp"

namespace spec2 {

Metadata primary_keywords(const Metadata& meta) {
  Metadata kept(meta.file());
  for (const Metadata::Entry& entry : meta.entries()) {
    const KeywordInfo* const info = find_keyword(entry.keyword, HeaderPlace::primary);
    if (info && info->place == HeaderPlace::primary) kept.set(entry.keyword, entry.value);
  }
  return kept;
}

}  // namespace spec2
