#include <gtest/gtest.h>

#include <cmath>

#include "pipeline/crds/header_values.hpp"
#include "pipeline/crds/value_conditioning.hpp"

namespace spec2::pipeline {
namespace {

TEST(ValueConditioning, WritesNumbersAsPythonDoes) {
  for (const char* text : {"12", "12.0", "012", " 12 ", "+12", "12.", "1.2e1"}) EXPECT_EQ(condition_value(text), "12.0") << text;
  EXPECT_EQ(condition_value("1e20"), "1e+20");
  EXPECT_EQ(condition_value("1e-5"), "1e-05");
  EXPECT_EQ(condition_value("123456789012345678"), "1.2345678901234568e+17");
  EXPECT_EQ(condition_value("0.0001"), "0.0001");
  EXPECT_EQ(condition_value("4294967295"), "-1.0");
  EXPECT_EQ(condition_value("2013-11-05"), "2013-11-05");
}

TEST(ValueConditioning, KnowsSpellingsOfNothingAndOfTruth) {
  for (const char* text : {"n/a", "NOT APPLICABLE", "not_applicable", "()", "N/A at all"}) {
    EXPECT_EQ(condition_value(text), "N/A") << text;
  }
  EXPECT_EQ(condition_value("any"), "*");
  EXPECT_EQ(condition_value("True"), "T");
  EXPECT_EQ(condition_value("f"), "F");
  EXPECT_EQ(condition_value("f100lp"), "F100LP");
}

TEST(ValueConditioning, ReadsPythonFloats) {
  EXPECT_EQ(python_float(" +5 "), 5.0);
  EXPECT_EQ(python_float("1_000"), 1000.0);
  EXPECT_EQ(python_float("1."), 1.0);
  EXPECT_EQ(python_float("1.e3"), 1000.0);
  EXPECT_TRUE(std::isinf(python_float("-Infinity").value()));
  EXPECT_TRUE(std::isnan(python_float("nan").value()));
  EXPECT_EQ(python_float("1e-999"), 0.0);
  for (const char* text : {"", "1d3", "0x10", "1__0", "_1", "1 2", "e5", ".", "--1"}) EXPECT_FALSE(python_float(text)) << text;
}

TEST(HeaderValues, TakesKeywordsAndPathsInAnyCase) {
  HeaderValues header;
  header.set("exp_type", "nrs_ifu");
  header.set("META.Instrument.Channel", std::int64_t{12});
  header.set("TSOVISIT", false);
  header.set("NOSUCHKY", 1.5);
  EXPECT_EQ(*header.find("META.EXPOSURE.TYPE"), "NRS_IFU");
  EXPECT_EQ(*header.find("META.INSTRUMENT.CHANNEL"), "12.0");
  EXPECT_EQ(*header.find("META.VISIT.TSOVISIT"), "F");
  EXPECT_EQ(*header.find("NOSUCHKY"), "1.5");
  EXPECT_EQ(header.find("EXP_TYPE"), nullptr);
}

}  // namespace
}  // namespace spec2::pipeline
