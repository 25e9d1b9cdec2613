#include "steps/extract_2d/cutout.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "core/error.hpp"
#include "core/memory/account.hpp"

namespace spec2::extract_2d {
namespace {

TEST(Cutout, EdgesGoToThePixelWhoseSquareTheyLieIn) {
  // gwcs.utils.to_index: floor(edge + 0.5) of both edges, the upper one excluded.
  const PixelBox box = cutout_box(wcs::BoundingBox::xy(-0.5, 10.5, 3.49, 7.5), 20, 30, "S200A1");
  EXPECT_EQ(box.x_low, 0);
  EXPECT_EQ(box.x_high, 11);
  EXPECT_EQ(box.y_low, 3);
  EXPECT_EQ(box.y_high, 8);
}

TEST(Cutout, TheImageCutsTheBoxButNotTheSizeOfTheSlit) {
  const wcs::BoundingBox reaching = wcs::BoundingBox::xy(5.5, 40.5, 8.5, 47.5);
  const PixelBox box = cutout_box(reaching, 32, 30, "S1600A1");
  EXPECT_EQ(box.columns(), 24u);
  EXPECT_EQ(box.rows(), 23u);
  EXPECT_EQ(slit_size(reaching).columns, 35);
  EXPECT_EQ(slit_size(reaching).rows, 39);
}

TEST(Cutout, ASlitOutsideOrWithoutBoxIsNamed) {
  const auto message = [](const wcs::BoundingBox& box) -> std::string {
    try {
      cutout_box(box, 32, 2048, "S400A1");
    } catch (const Error& error) {
      EXPECT_EQ(error.cause(), ErrorCause::data);
      return error.what();
    }
    return "no error";
  };
  EXPECT_NE(message(wcs::BoundingBox::xy(0, 10, 40, 60)).find("slit S400A1 lies outside the image"), std::string::npos);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(message(wcs::BoundingBox::xy(0, nan, 0, 1)).find("slit S400A1 has no bounding box"), std::string::npos);
}

TEST(Cutout, PlanesAreCutFromEveryIntegration) {
  Account account("test");
  auto image = make_plane<float>(account, {2, 4, 5}, "image");
  for (std::size_t i = 0; i < image.size(); ++i) image.data()[i] = static_cast<float>(i);
  const auto cut = cut_plane(image, {1, 3, 2, 4}, account, "cut");
  ASSERT_EQ(shape_of(cut), (PlaneShape{2, 2, 2}));
  EXPECT_EQ(view3(cut)[0](0, 0), 11.0f);
  EXPECT_EQ(view3(cut)[1](1, 1), 20.0f + 17.0f);
}

}  // namespace
}  // namespace spec2::extract_2d
