#include "datamodels/io/header_text.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace spec2::io {
namespace {

std::vector<std::string> records(const Card& card) {
  std::string header;
  append_card(header, card);
  EXPECT_EQ(header.size() % kCardLength, 0u);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < header.size(); at += kCardLength) {
    std::string line = header.substr(at, kCardLength);
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(line);
  }
  return lines;
}

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(HeaderText, ValuesStandWhereFitsReadersLookForThem) {
  EXPECT_THAT(records({"NGROUPS", std::int64_t{33}, "Number of groups"}),
              ElementsAre("NGROUPS =                   33 / Number of groups"));
  EXPECT_THAT(records({"TSOVISIT", true, ""}), ElementsAre("TSOVISIT=                    T"));
  EXPECT_THAT(records({"TARG_RA", 4e-05, "[deg] RA"}), ElementsAre("TARG_RA =                4E-05 / [deg] RA"));
  EXPECT_THAT(records({"MU_RA", 0.0, ""}), ElementsAre("MU_RA   =                  0.0"));
  EXPECT_THAT(records({"LAMP", std::string("NONE"), "state"}), ElementsAre("LAMP    = 'NONE    '           / state"));
}

TEST(HeaderText, NumbersKeepAllTheirDigits) {
  EXPECT_THAT(records({"PIXAR_SR", 5.1123312644639905e-13, ""}), ElementsAre("PIXAR_SR= 5.11233126446399E-13"));
}

TEST(HeaderText, NumbersThatFitsCannotHoldAreLeftOut) {
  EXPECT_THAT(records({"V2_REF", std::numeric_limits<double>::quiet_NaN(), ""}), IsEmpty());
  EXPECT_THAT(records({"V2_REF", std::numeric_limits<double>::infinity(), ""}), IsEmpty());
}

TEST(HeaderText, NamesThatAreNoKeywordAreLeftOut) {
  EXPECT_THAT(records({"BUNIT_ERR", std::string("MJy"), ""}), IsEmpty());
  EXPECT_THAT(records({"bunit", std::string("MJy"), ""}), IsEmpty());
}

TEST(HeaderText, LongCommentsAreCutAtTheEndOfTheCard) {
  const auto lines =
      records({"OSF_FILE", std::string("2024042T000000000_001_osf.xml"), "Observatory Status File name covering the start"});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0], "OSF_FILE= '2024042T000000000_001_osf.xml' / Observatory Status File name coverin");
}

TEST(HeaderText, LongTextGoesOnInFurtherCards) {
  const auto lines = records({"TITLE", std::string(70, 'x'), "Proposal title"});
  EXPECT_THAT(lines,
              ElementsAre("TITLE   = '" + std::string(67, 'x') + "&'", "CONTINUE  'xxx&'", "CONTINUE  '' / Proposal title"));
}

TEST(HeaderText, DoubledQuotesAreNotSplit) {
  const auto lines = records({"TITLE", std::string(66, 'x') + "''" + "yy", ""});
  EXPECT_THAT(lines, ElementsAre("TITLE   = '" + std::string(66, 'x') + "&'", "CONTINUE  '''''yy&'", "CONTINUE  ''"));
}

TEST(HeaderText, LettersThatNoHeaderHoldsBecomeQuestionMarks) {
  EXPECT_THAT(records({"PI_NAME", std::string("M\xc3\xbcller\n"), ""}), ElementsAre("PI_NAME = 'M??ller?'"));
}

TEST(HeaderText, HeaderEndsAtAWholeBlock) {
  std::string header;
  append_card(header, {"NAXIS", std::int64_t{0}, ""});
  append_end(header);
  EXPECT_EQ(header.size(), kBlockLength);
  EXPECT_EQ(header.substr(kCardLength, 4), "END ");
}

}  // namespace
}  // namespace spec2::io
