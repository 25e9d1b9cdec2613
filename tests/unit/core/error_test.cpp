#include "core/error.hpp"

#include <gtest/gtest.h>

namespace spec2 {
namespace {

TEST(Error, SaysWhatWhereAndWhatToDo) {
  Error error(ErrorCause::data, "header keyword GRATING is missing",
              {.file = "a_rate.fits", .hdu = "PRIMARY", .keyword = "GRATING"}, "Set the keyword");
  EXPECT_STREQ(error.what(),
               "header keyword GRATING is missing (file a_rate.fits, HDU PRIMARY, keyword GRATING). Set the keyword");
  error.add_context("assign_wcs", "a");
  error.add_context("outer", "b");
  EXPECT_STREQ(error.what(),
               "header keyword GRATING is missing (file a_rate.fits, HDU PRIMARY, keyword GRATING, step assign_wcs, exposure a). "
               "Set the keyword");
}

TEST(Error, EveryCauseHasAnExitCodeOfItsOwn) {
  EXPECT_EQ(exit_code(ErrorCause::no_data), 64);
  EXPECT_EQ(exit_code(ErrorCause::user_input), 2);
  EXPECT_EQ(exit_code(ErrorCause::interrupted), 130);
}

}  // namespace
}  // namespace spec2
