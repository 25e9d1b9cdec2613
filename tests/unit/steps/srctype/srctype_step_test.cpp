#include "steps/srctype/srctype_step.hpp"

#include <gtest/gtest.h>

namespace spec2 {
namespace {

Metadata header_of(std::initializer_list<std::pair<const char*, const char*>> texts) {
  Metadata header;
  header.set("EXP_TYPE", "NRS_FIXEDSLIT");
  for (const auto& [keyword, value] : texts) header.set(keyword, value);
  return header;
}

// The order of precedence of jwst 3.0.0 srctype.set_source_type.
TEST(SourceTypeOfTarget, AParameterWinsOverAll) {
  Metadata header = header_of({{"SRCTYAPT", "POINT"}});
  header.set("BKGDTARG", true);
  EXPECT_EQ(target_source_type(header, "POINT"), SourceType::point);
  EXPECT_EQ(target_source_type(header, "EXTENDED"), SourceType::extended);
}

TEST(SourceTypeOfTarget, BackgroundTargetsAreExtendedBeforeTimeSeriesArePoints) {
  Metadata header = header_of({{"SRCTYAPT", "POINT"}});
  header.set("TSOVISIT", true);
  header.set("BKGDTARG", true);
  EXPECT_EQ(target_source_type(header, std::nullopt), SourceType::extended);
  header.set("BKGDTARG", false);
  header.set("SRCTYAPT", "EXTENDED");
  EXPECT_EQ(target_source_type(header, std::nullopt), SourceType::point);
}

TEST(SourceTypeOfTarget, TheProposalsTypeWinsOverTheDitherPattern) {
  EXPECT_EQ(target_source_type(header_of({{"SRCTYAPT", "EXTENDED"}, {"PATTTYPE", "3-POINT-NOD"}}), std::nullopt),
            SourceType::extended);
  EXPECT_EQ(target_source_type(header_of({{"SRCTYAPT", "UNKNOWN"}, {"PATTTYPE", "3-POINT-NOD"}}), std::nullopt),
            SourceType::point);
  EXPECT_EQ(target_source_type(header_of({{"SRCTYAPT", "UNKNOWN"}, {"PATTTYPE", "POINT-SOURCE"}}), std::nullopt),
            SourceType::point);
}

TEST(SourceTypeOfTarget, ThereIsAlwaysOne) {
  EXPECT_EQ(target_source_type(header_of({}), std::nullopt), SourceType::point);
  Metadata ifu = header_of({});
  ifu.set("EXP_TYPE", "NRS_IFU");
  EXPECT_EQ(target_source_type(ifu, std::nullopt), SourceType::extended);
}

}  // namespace
}  // namespace spec2
