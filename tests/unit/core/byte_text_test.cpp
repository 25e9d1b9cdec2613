#include "core/memory/byte_text.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace spec2 {
namespace {

TEST(ByteText, ReadsSizesWithUnits) {
  EXPECT_EQ(parse_bytes("512M", "--memory"), std::size_t{512} << 20);
  EXPECT_EQ(parse_bytes("1.5GiB", "--memory"), std::size_t{1536} << 20);
  EXPECT_EQ(parse_bytes("4096", "--memory"), 4096u);
  EXPECT_EQ(parse_bytes("800k", "--memory"), 800u * 1024);
}

TEST(ByteText, RefusesWhatIsNoSize) {
  for (const char* text : {"", "M", "-1M", "12Q", "nan", "1e30G", "5 M"}) {
    try {
      parse_bytes(text, "--memory");
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.cause(), ErrorCause::user_input);
      EXPECT_EQ(error.place().keyword, "--memory");
    }
  }
}

TEST(ByteText, WritesShortSizes) {
  EXPECT_EQ(byte_text(512), "512 B");
  EXPECT_EQ(byte_text(22020096), "21.0 MiB");
}

}  // namespace
}  // namespace spec2
