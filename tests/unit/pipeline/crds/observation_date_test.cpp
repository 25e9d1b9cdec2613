#include <gtest/gtest.h>

#include "pipeline/crds/observation_date.hpp"

namespace spec2::pipeline {
namespace {

TEST(ObservationDate, WritesEveryFormInOne) {
  EXPECT_EQ(standard_date("2020-01-02 03:04:05"), "2020-01-02 03:04:05");
  EXPECT_EQ(standard_date("2020-01-02 03:04:05.25"), "2020-01-02 03:04:05.250000");
  EXPECT_EQ(standard_date("2020/01/02 03:04"), "2020-01-02 03:04:00");
  EXPECT_EQ(standard_date("12/21/1999 05:42:35"), "1999-12-21 05:42:35");
  EXPECT_EQ(standard_date("1999-12-21T05:42:35"), "1999-12-21 05:42:35");
  EXPECT_EQ(standard_date("21/12/99 05:42:00 PM"), "1999-12-21 17:42:00");
  EXPECT_EQ(standard_date("19970114:053714 00:00"), "1997-01-14 05:37:14");
  EXPECT_EQ(standard_date("Dec 01 1993 00:00:00 UT"), "1993-12-01 00:00:00");
  EXPECT_EQ(standard_date("Feb 08 2006 01:02AM"), "2006-02-08 01:02:00");
  EXPECT_EQ(standard_date("July 27, 1999 00:00:00"), "1999-07-27 00:00:00");
  EXPECT_EQ(standard_date("03-Jan-2013"), "2013-01-03 00:00:00");
  EXPECT_EQ(standard_date("Mar 21 2001 12:00:00 am"), "2001-03-21 00:00:00");
  EXPECT_EQ(standard_date("2020-02-29"), "2020-02-29 00:00:00");
}

TEST(ObservationDate, RefusesWhatIsNoDate) {
  for (const char* text :
       {"", "UNDEFINED", "2020-02-30", "2019-02-29", "20200101.0 01:00:00", "2020-13-01", "2020-01-01 25:00:00", "2020-01-01 01",
        "2020-01-01 01:02:61", "2020-01-01T00:00:00 01:00:00", "nonsense", "1/1/2020", "2020-01-01 aa:bb"}) {
    EXPECT_FALSE(standard_date(text)) << text;
  }
}

}  // namespace
}  // namespace spec2::pipeline
