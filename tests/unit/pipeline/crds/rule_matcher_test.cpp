#include <gtest/gtest.h>

#include "core/error.hpp"
#include "pipeline/crds/rule_matcher.hpp"

namespace spec2::pipeline {
namespace {

constexpr auto kYes = MatchResult::matches;
constexpr auto kNo = MatchResult::no_match;
constexpr auto kAny = MatchResult::does_not_matter;

MatchResult match(std::string_view key, std::string_view value) { return RuleMatcher(key).match(value); }

TEST(RuleMatcher, ComparesLiteralsAndGlobs) {
  EXPECT_EQ(match("NRS1", "NRS1"), kYes);
  EXPECT_EQ(match("NRS1", "NRS2"), kNo);
  EXPECT_EQ(match("NRS1", "*"), kYes);
  EXPECT_EQ(match("NRS1", "N/A"), kAny);
  EXPECT_EQ(match("N/A", "NRS2"), kAny);
  EXPECT_EQ(match("FO*O|BAR*|BAZ", "FO1O"), kYes);
  EXPECT_EQ(match("FO*O|BAR*|BAZ", "FO"), kNo);
  EXPECT_EQ(match(" A | B ", "B"), kYes);
  EXPECT_EQ(match("{A|*}", "A|*"), kYes);
  EXPECT_EQ(match("{A|*}", "A"), kNo);
}

TEST(RuleMatcher, ComparesNumbers) {
  EXPECT_EQ(match(">1.2", "1.3"), kYes);
  EXPECT_EQ(match(">1.2", "1.2"), kNo);
  EXPECT_EQ(match("<=1.2", "1.2"), kYes);
  EXPECT_EQ(match(">1.2", "FOO"), kNo);
  EXPECT_EQ(match("#>=30 AND <40#", "30.0"), kYes);
  EXPECT_EQ(match("#>=30 AND <40#", "40.0"), kNo);
  EXPECT_EQ(match("#<5 OR >90#", "91.0"), kYes);
  EXPECT_EQ(match("BETWEEN 10 20", "10.0"), kYes);
  EXPECT_EQ(match("BETWEEN 10 20", "20.0"), kNo);
}

TEST(RuleMatcher, Negates) {
  EXPECT_EQ(match("NOT NRS_IFU", "NRS_IFU"), kNo);
  EXPECT_EQ(match("NOT NRS_IFU", "MIR_MRS"), kYes);
  EXPECT_EQ(match("NOT BETWEEN 10 20", "15"), kNo);
  EXPECT_EQ(match("NOT A|B", "N/A"), kAny);
}

TEST(RuleMatcher, RefusesKeysThatMeanNothing) {
  EXPECT_THROW(RuleMatcher("BETWEEN 42 39"), Error);
  EXPECT_THROW(RuleMatcher("BETWEEN 42"), Error);
  EXPECT_THROW(RuleMatcher(">x"), Error);
  EXPECT_THROW(RuleMatcher("(a(b)"), Error);
  std::string nested;
  for (int i = 0; i < 100; ++i) nested += "NOT ";
  EXPECT_THROW(RuleMatcher(nested + "A"), Error);
}

TEST(RulePattern, MatchesAtTheStart) {
  EXPECT_TRUE(RulePattern("NRS_L.*").matches_start_of("NRS_LAMP"));
  EXPECT_TRUE(RulePattern("A|BC").matches_start_of("BCD"));
  EXPECT_FALSE(RulePattern("A|BC").matches_start_of("XBC"));
  EXPECT_TRUE(RulePattern("^F[0-9]{3}(LP|W)$").matches_start_of("F100LP"));
  EXPECT_FALSE(RulePattern("^F[0-9]{3}(LP|W)$").matches_start_of("F100LPX"));
  EXPECT_TRUE(RulePattern("(?:\\d+|[^x-z]+?)A").matches_start_of("BBA"));
  EXPECT_TRUE(RulePattern("\\W*\\.").matches_start_of("+-."));
  EXPECT_THROW(RulePattern("(?=A)"), Error);
  EXPECT_THROW(RulePattern("[A"), Error);
  EXPECT_THROW(RulePattern("*A"), Error);
}

TEST(RulePattern, DoesNotBacktrack) {
  const std::string value(500, 'a');
  EXPECT_FALSE(RulePattern("(a+)+b").matches_start_of(value));
  EXPECT_FALSE(RulePattern("(a|aa)*(a|aa)*(a|aa)*c").matches_start_of(value));
  EXPECT_THROW(RulePattern("((((|a){256}){256}){256}){256}").matches_start_of(value), Error);
}

TEST(GlobMatch, KnowsClasses) {
  EXPECT_TRUE(glob_match("F[0-3]?0*", "F100LP"));
  EXPECT_FALSE(glob_match("F[!0-3]*", "F100LP"));
  EXPECT_TRUE(glob_match("F[", "F["));
  EXPECT_TRUE(glob_match("*a*b*c", "xxaxxbxxc"));
  EXPECT_FALSE(glob_match("*a*b*c", "xxaxxbxxd"));
}

}  // namespace
}  // namespace spec2::pipeline
