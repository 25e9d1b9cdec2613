#include "datamodels/io/fits_file.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <limits>

#include "raw_fits.hpp"
#include "scratch_folder.hpp"

namespace spec2::io {
namespace {

using test::append_image;
using test::primary_header;
using test::save;
using test::ScratchFolder;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string refusal(const std::function<void()>& action, ErrorCause cause = ErrorCause::data) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), cause);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST(FitsFile, MissingFileIsNamed) {
  EXPECT_THAT(refusal([] { FitsFile::open("/no/such/rate.fits"); }),
              AllOf(HasSubstr("the file does not exist (file /no/such/rate.fits)"), HasSubstr("Check the name and the folder")));
  EXPECT_THAT(refusal([] { FitsFile::open("/tmp"); }), HasSubstr("this is no regular file"));
}

TEST(FitsFile, CauseIsThatOfTheReader) {
  refusal([] { FitsFile::open("/no/such/flat.fits", ErrorCause::reference); }, ErrorCause::reference);
}

TEST(FitsFile, WhatIsNoFitsIsRefused) {
  const ScratchFolder folder;
  save(folder / "a.fits", "");
  EXPECT_THAT(refusal([&] { FitsFile::open(folder / "a.fits"); }), HasSubstr("the file is empty"));
  save(folder / "a.fits", std::string(10000, 'x'));
  EXPECT_THAT(refusal([&] { FitsFile::open(folder / "a.fits"); }), HasSubstr("this is no FITS file"));
}

TEST(FitsFile, TruncatedFileIsRefusedBeforeAnythingIsRead) {
  const ScratchFolder folder;
  std::string bytes = primary_header();
  append_image(bytes, "SCI", -32, {100, 100}, 40000);
  save(folder / "a.fits", bytes.substr(0, bytes.size() - 3 * kBlockLength));
  EXPECT_THAT(refusal([&] { FitsFile::open(folder / "a.fits"); }),
              AllOf(HasSubstr("the file is truncated: the HDU ends at byte"), HasSubstr("SCI"),
                    HasSubstr("Fetch or make the file again")));
}

// What CFITSIO 4.2 does not survive, found by fuzzing.
TEST(FitsFile, HeadersThatTheStandardForbidsAreRefused) {
  const ScratchFolder folder;
  std::string good = primary_header();
  append_image(good, "SCI", -32, {10, 10}, 400);
  const auto changed = [&](const std::string& card, const std::string& by) {
    std::string bytes = good;
    const std::size_t at = bytes.find(card, kBlockLength);
    EXPECT_NE(at, std::string::npos) << card;
    bytes.replace(at, by.size(), by);
    save(folder / "a.fits", bytes);
    return refusal([&] { FitsFile::open(folder / "a.fits"); });
  };
  EXPECT_THAT(changed("NAXIS2  =", "NAXISX  ="), AllOf(HasSubstr("missing, or not in its place"), HasSubstr("NAXIS2")));
  EXPECT_THAT(changed("NAXIS   =", "NAXIS   = 99999999999999999999999999999999 "), HasSubstr("NAXIS"));
  EXPECT_THAT(changed("BITPIX  =", "BITPIX  = 8.5e300000000000000 "), HasSubstr("BITPIX"));
  EXPECT_THAT(changed("EXTNAME =", "EXTVER  = 1234567890123456789012345678901234567 "), HasSubstr("neither a text nor a number"));
}

TEST(FitsFile, HeaderThatClaimsMoreThanTheFileHoldsIsRefused) {
  const ScratchFolder folder;
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::vector<std::int64_t>> shapes = {
      {1 << 20, 1 << 20}, {huge}, {huge, huge}, {-5, 10}, {1 << 20, 1 << 20, 1 << 20, 1 << 20}};
  for (const auto& axes : shapes) {
    std::string bytes = primary_header();
    append_image(bytes, "SCI", -32, axes, 400);
    save(folder / "a.fits", bytes);
    refusal([&] {
      FitsFile file = FitsFile::open(folder / "a.fits");
      std::vector<float> values(10);
      file.read("SCI", 1, 0, std::span(values));
    });
  }
}

TEST(FitsFile, UnknownHduIsRefusedWithThoseThatAreThere) {
  const ScratchFolder folder;
  std::string bytes = primary_header();
  append_image(bytes, "SCI", -32, {10, 10}, 400);
  save(folder / "a.fits", bytes);
  FitsFile file = FitsFile::open(folder / "a.fits");
  EXPECT_THAT(refusal([&] { file.info("DQ"); }),
              AllOf(HasSubstr("there is no HDU DQ,1"), HasSubstr("The file holds PRIMARY,1 SCI,1")));
  EXPECT_THAT(refusal([&] { file.column_real("SCI", 1, "FLUX"); }), HasSubstr("the table has no column FLUX"));
  std::vector<float> values(101);
  EXPECT_THAT(refusal([&] { file.read("SCI", 1, 0, std::span(values)); }),
              HasSubstr("values 0 to 101 asked of an image with 100"));
  EXPECT_THAT(refusal([&] { file.read("SCI", 1, 200, std::span(values)); }), HasSubstr("asked of an image with 100"));
}

TEST(FitsFile, NamesOfHdusAreBlindToCase) {
  const ScratchFolder folder;
  std::string bytes = primary_header();
  append_image(bytes, "Sci", -32, {10, 10}, 400);
  append_image(bytes, "Sci", -32, {10, 20}, 800, {{"EXTVER", std::int64_t{2}, ""}});
  save(folder / "a.fits", bytes);
  const FitsFile file = FitsFile::open(folder / "a.fits");
  EXPECT_EQ(file.count("SCI"), 2u);
  EXPECT_EQ(file.info("SCI", 2).shape, (std::vector<std::size_t>{20, 10}));
}

TEST(FitsFile, KeywordsHaveTheTypesOfTheirCards) {
  const ScratchFolder folder;
  save(folder / "a.fits", primary_header({{"TEXT", std::string("it's"), ""},
                                          {"EMPTY", std::string(""), ""},
                                          {"WHOLE", std::int64_t{-7}, ""},
                                          {"LARGE", std::int64_t{9007199254740993}, ""},
                                          {"REAL", 1.5e-30, ""},
                                          {"FLAG", false, ""},
                                          {"LONG", std::string(200, 'q') + " end", "a comment"},
                                          {"AMP", std::string("a & b &"), ""}}));
  const Metadata header = FitsFile::open(folder / "a.fits").header("PRIMARY");
  EXPECT_EQ(header.text("TEXT"), "it's");
  EXPECT_EQ(header.text("EMPTY"), "");
  EXPECT_EQ(header.integer("WHOLE"), -7);
  EXPECT_EQ(header.integer("LARGE"), 9007199254740993);
  EXPECT_EQ(header.real("REAL"), 1.5e-30);
  EXPECT_EQ(header.find_boolean("FLAG"), false);
  EXPECT_EQ(header.text("LONG"), std::string(200, 'q') + " end");
  EXPECT_EQ(header.text("AMP"), "a & b &");
  EXPECT_FALSE(header.has("NAXIS"));
}

TEST(FitsFile, CardsThatHoldNoValueAreAsMissing) {
  const ScratchFolder folder;
  std::string bytes = primary_header({{"GOOD", 1.0, ""}});
  const std::string bad = "BROKEN  =             12.5.7x                                                   ";
  bytes.replace(4 * 80, 80, bad);
  save(folder / "a.fits", bytes);
  const Metadata header = FitsFile::open(folder / "a.fits").header("PRIMARY");
  EXPECT_THAT(refusal([&] { header.real("GOOD"); }), AllOf(HasSubstr("header keyword GOOD is missing"), HasSubstr("a.fits")));
}

}  // namespace
}  // namespace spec2::io
