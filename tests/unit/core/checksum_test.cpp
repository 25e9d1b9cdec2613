#include "core/checksum.hpp"

#include <gtest/gtest.h>

namespace spec2 {
namespace {

// Published sums of FIPS 180-4.
TEST(Sha1, GivesThePublishedSums) {
  EXPECT_EQ(sha1_hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(sha1_hex(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST(Sha256, PartsGiveTheSumOfTheWhole) {
  Sha256 sum;
  EXPECT_EQ(sum.hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (const char* part : {"a", "bc"}) sum.add(std::as_bytes(std::span(std::string_view(part))));
  EXPECT_EQ(sum.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sum.hex(), sum.hex());
}

}  // namespace
}  // namespace spec2
