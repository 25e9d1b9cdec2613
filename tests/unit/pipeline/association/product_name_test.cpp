#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "pipeline/association/product_name.hpp"

namespace spec2::pipeline {
namespace {

TEST(ProductName, LosesFolderEndingAndOneSuffix) {
  EXPECT_EQ(product_root("jw01234001001_03101_00001_nrs1_rate.fits").text, "jw01234001001_03101_00001_nrs1");
  EXPECT_EQ(product_root("a/b/abc_cal").file_name("x1d"), "abc_x1d.fits");
  EXPECT_EQ(product_root("abc-rate").file_name("cal"), "abc-cal.fits");
  EXPECT_EQ(product_root("ngc1.5_field").text, "ngc1");
  EXPECT_EQ(product_root("abc_rate_cal").text, "abc_rate");
  EXPECT_EQ(product_root("abc_bkg_subtract").text, "abc");
  EXPECT_EQ(product_root("abc_other").text, "abc_other");
  EXPECT_EQ(product_root("_cal").text, "_cal");
  EXPECT_EQ(product_root("").file_name("cal"), "_cal.fits");
  EXPECT_EQ(product_root(".hidden").text, ".hidden");
  EXPECT_EQ(product_root("jw01234-o001_t001_nirspec_f100lp-g140m").text, "jw01234-o001_t001_nirspec_f100lp-g140m");
}

TEST(ProductName, KnowsEverySuffixOfThePeer) {
  const std::filesystem::path file = std::filesystem::path(SPEC2_SHARED_DIR) / "asn/known_suffixes.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "the shared list is not here";
  const nlohmann::json suffixes = nlohmann::json::parse(std::ifstream(file));
  for (const auto& suffix : suffixes) EXPECT_EQ(product_root("abc_" + suffix.get<std::string>() + ".fits").text, "abc") << suffix;
}

}  // namespace
}  // namespace spec2::pipeline
