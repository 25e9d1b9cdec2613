#include "pipeline/html/preview.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>

#include "tests/unit/datamodels/io/scratch_folder.hpp"
#include "tests/unit/pipeline/html/small_products.hpp"

namespace spec2::pipeline::html {
namespace {

using ::testing::ElementsAre;
using test::ScratchFolder;

Preview preview_of(const std::vector<std::size_t>& shape, const std::vector<float>& values, const std::string& slit = "S200A1") {
  const ScratchFolder scratch;
  test::write_image_product(scratch / "a_s2d.fits", slit, shape, values, {});
  io::FitsFile file = io::FitsFile::open(scratch / "a_s2d.fits");
  const std::vector<Preview> made = previews(file, 10);
  EXPECT_EQ(made.size(), 1U);
  return made.at(0);
}

TEST(Preview, KeepsSmallPlanesAsTheyAre) {
  std::vector<float> values(200);
  std::iota(values.begin(), values.end(), 0.0F);
  const Preview made = preview_of({10, 20}, values);
  EXPECT_EQ(made.label, "S200A1");
  EXPECT_EQ(made.unit, "MJy/sr");
  EXPECT_THAT(made.shape, ElementsAre(10U, 20U));
  EXPECT_EQ(made.width, 20U);
  EXPECT_EQ(made.height, 10U);
  EXPECT_EQ(made.low, 2.0);    // 1 % of 0 to 199
  EXPECT_EQ(made.high, 197.0);
  EXPECT_FALSE(made.png.empty());
}

TEST(Preview, AveragesLargePlanesAndPassesOverNan) {
  std::vector<float> values(16384, 1.0F);
  for (std::size_t i = 0; i < values.size(); i += 2) values[i] = std::nanf("");
  const Preview made = preview_of({4, 4096}, values);
  EXPECT_EQ(made.width, 1024U);
  EXPECT_EQ(made.height, 4U);
  EXPECT_EQ(made.low, 1.0);
  EXPECT_EQ(made.high, 1.0);
}

TEST(Preview, CubesAreAveragedOverWavelength) {
  const Preview made = preview_of({2, 1, 2}, {1.0F, 5.0F, 3.0F, std::nanf("")});
  EXPECT_EQ(made.width, 2U);
  EXPECT_EQ(made.height, 1U);
  EXPECT_EQ(made.low, 2.0);
  EXPECT_EQ(made.high, 5.0);
}

TEST(Preview, WithoutValuesThereIsNoPicture) {
  EXPECT_TRUE(preview_of({2, 2}, std::vector<float>(4, std::nanf(""))).png.empty());
}

}  // namespace
}  // namespace spec2::pipeline::html
