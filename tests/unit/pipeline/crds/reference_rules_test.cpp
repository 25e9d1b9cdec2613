#include <gtest/gtest.h>

#include "core/error.hpp"
#include "pipeline/crds/reference_rules.hpp"
#include "pipeline/crds/rule_builder.hpp"

namespace spec2::pipeline {
namespace {

/// Rules on DETECTOR and FILTER, then the date.
ReferenceRules rules(const std::string& selector, const std::string& more_header = "") {
  const std::string text = "header = {'parkey' : (('META.INSTRUMENT.DETECTOR', 'META.INSTRUMENT.FILTER'),\n"
                           "('META.OBSERVATION.DATE', 'META.OBSERVATION.TIME')), " +
                           more_header + "}\nselector = " + selector;
  return ReferenceRules(parse_mapping(text, "x.rmap", ChecksumPolicy::ignore));
}

HeaderValues exposure(std::string_view detector, std::string_view filter, std::string_view date = "2020-01-01") {
  HeaderValues header;
  header.set("DETECTOR", detector);
  header.set("FILTER", filter);
  header.set("DATE-OBS", date);
  header.set("TIME-OBS", "00:00:00");
  return header;
}

TEST(ReferenceRules, TakesTheHeaviestRuleThatIsValidAtTheDate) {
  const ReferenceRules table = rules(
      "Match({('NRS1', 'F100LP') : UseAfter({'2021-01-01 00:00:00' : 'late.fits'}),\n"
      "('NRS1', 'N/A') : UseAfter({'2010-01-01 00:00:00' : 'early.fits', '2019-01-01 00:00:00' : 'newer.fits'})})");
  const Recommendation answer = table.choose(exposure("NRS1", "F100LP"));
  EXPECT_EQ(answer.file_name, "newer.fits");
  EXPECT_EQ(answer.rule, "(NRS1, N/A) : UseAfter 2019-01-01 00:00:00");
  EXPECT_EQ(table.choose(exposure("NRS1", "F100LP", "2021-01-01")).file_name, "late.fits");
  EXPECT_EQ(table.choose(exposure("NRS1", "F100LP", "2009-12-31")).message, "no rule matches the header");
  EXPECT_EQ(table.choose(exposure("NRS2", "F100LP")).message, "META.INSTRUMENT.DETECTOR = 'NRS2' is not one of NRS1");
  EXPECT_EQ(table.choose(exposure("NRS1", "F100LP", "2020-02-30")).message,
            "'2020-02-30 00:00:00' is not a date and time (META.OBSERVATION.DATE, META.OBSERVATION.TIME)");
}

TEST(ReferenceRules, MergesRulesOfEqualWeight) {
  const ReferenceRules table = rules(
      "Match({('NRS1', 'A|B') : UseAfter({'2015-01-01 00:00:00' : 'm_a.fits', '2018-01-01 00:00:00' : 'm_z.fits'}),\n"
      "('NRS1', 'B|C') : UseAfter({'2016-01-01 00:00:00' : 'm_mid.fits', '2018-01-01 00:00:00' : 'm_y.fits'})})");
  EXPECT_EQ(table.choose(exposure("NRS1", "B", "2017-01-01")).file_name, "m_mid.fits");
  EXPECT_EQ(table.choose(exposure("NRS1", "B", "2019-01-01")).file_name, "m_z.fits");
  EXPECT_EQ(table.choose(exposure("NRS1", "C", "2019-01-01")).file_name, "m_y.fits");
}

TEST(ReferenceRules, RefusesAmbiguousRules) {
  const std::string files = "Match({('NRS1', 'A|B') : 'one.fits', ('NRS1', 'B|C') : 'two.fits'})";
  EXPECT_EQ(rules(files).choose(exposure("NRS1", "B")).message,
            "several rules of equal weight name references (one.fits, two.fits): (NRS1, A|B); (NRS1, B|C)");
  EXPECT_EQ(rules(files, "'merge_overlaps' : False").choose(exposure("NRS1", "B")).message,
            "several rules match equally well: (NRS1, A|B); (NRS1, B|C)");
}

TEST(ReferenceRules, KnowsNotApplicableOmittedAndNotRequired) {
  const std::string table = "Match({('NRS1', 'ANY') : 'N/A', ('NRS2', 'ANY') : 'OMIT'})";
  EXPECT_EQ(rules(table).choose(exposure("NRS1", "A")).status, RecommendationStatus::na);
  EXPECT_EQ(rules(table).choose(exposure("NRS2", "A")).status, RecommendationStatus::omitted);
  EXPECT_EQ(rules(table).choose(exposure("NRS3", "A")).status, RecommendationStatus::not_found);
  EXPECT_EQ(rules(table, "'reffile_required' : 'NO'").choose(exposure("NRS3", "A")).status, RecommendationStatus::na);
  EXPECT_EQ(rules(table, "'rmap_omit' : '(META.INSTRUMENT.FILTER == \"A\")'").choose(exposure("NRS1", "A")).status,
            RecommendationStatus::omitted);
  EXPECT_EQ(rules(table, "'rmap_relevance' : '(META.INSTRUMENT.FILTER != \"A\")'").choose(exposure("NRS2", "A")).status,
            RecommendationStatus::na);
}

TEST(ReferenceRules, SubstitutesKeys) {
  const ReferenceRules table = rules("Match({('NRS1', 'ALLF') : 'all.fits', ('NRS1', 'C') : 'c.fits'})",
                                     "'substitutions' : {'META.INSTRUMENT.FILTER' : {'ALLF' : ['A', 'B']}}");
  EXPECT_EQ(table.choose(exposure("NRS1", "B")).file_name, "all.fits");
  EXPECT_EQ(table.choose(exposure("NRS1", "ALLF")).status, RecommendationStatus::not_found);
}

TEST(ReferenceRules, NamesTheLineOfARuleThatCannotBeUsed) {
  const auto line_of = [](const std::string& selector) {
    try {
      rules(selector);
    } catch (const Error& error) {
      EXPECT_FALSE(error.place().file.empty());
      return error.place().line;
    }
    return -1;
  };
  EXPECT_EQ(line_of("Match({\n('NRS1',) : 'a.fits'})"), 4);
  EXPECT_EQ(line_of("Match({\n('NRS1', 'BETWEEN 2 1') : 'a.fits'})"), 4);
  EXPECT_EQ(line_of("Match({('NRS1', 'A|B') : 'a.fits',\n('NRS1', 'B | A') : 'a.fits'})"), 3);
  EXPECT_EQ(line_of("Match({('NRS1', 'A') :\n 5})"), 4);
  EXPECT_EQ(line_of("Match({('NRS1', 'A') : UseAfter({'x' :\nUseAfter({})})})"), 4);
  EXPECT_EQ(line_of("Match()"), 3);
}

TEST(VersionNumbers, AreTheFirstThreeIntegers) {
  EXPECT_EQ(version_numbers("1.8.2rc1"), (std::array<long, 3>{1, 8, 2}));
  EXPECT_EQ(version_numbers("1.8"), (std::array<long, 3>{1, 8, 0}));
  EXPECT_EQ(version_numbers("0.foo"), (std::array<long, 3>{0, 0, 0}));
  EXPECT_FALSE(version_numbers("x1"));
  EXPECT_FALSE(version_numbers("1 2"));
  EXPECT_FALSE(version_numbers(""));
}

}  // namespace
}  // namespace spec2::pipeline
