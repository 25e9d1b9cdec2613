// The coordinate-based WCS of the IFU. Golden numbers: jwst 3.0.0 assign_wcs.load_wcs on an empty IFU image with the set-up of
// CONFIG row 20 of shared/wcs/nirspec_frames.fits.gz (G140H, F070LP, NRS1) and the references of shared/crds.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "reference_files.hpp"
#include "steps/assign_wcs/nirspec/build.hpp"
#include "steps/assign_wcs/nirspec/slice_map.hpp"
#include "table_file.hpp"
#include "wcs/mapper.hpp"

namespace spec2::assign_wcs::nirspec {
namespace {

nirspec::Setup ifu_setup() {
  nirspec::Setup setup;
  setup.exp_type = "NRS_IFU";
  setup.detector = "NRS1";
  setup.grating = "G140H";
  setup.filter = "F070LP";
  setup.subarray = "FULL";
  setup.gwa_x_tilt = 0.3598416380212077;
  setup.gwa_y_tilt = 0.1338787579998356;
  setup.gwa_temperature_k = 36.452112184327355;
  setup.pointing = {299.83548,         -498.2568,          22.03257172010126, 78.88871419384505,
                    21.82824071162605, 0.9999939414190744, 14382.733994017864};
  return setup;
}

TEST(NirspecIfu, CoordinateBasedWcs) {
  if (spec2::testing::shared_file("crds").empty()) GTEST_SKIP() << "the shared reference files are not there";
  const nirspec::Setup setup = ifu_setup();
  wcs::Arena arena;
  const ExposureWcs exposure = build_wcs(arena, spec2::testing::nirspec_references(setup), setup, {});
  const SliceMap map = map_slices(arena, exposure.all, Parallel(2));
  const wcs::Wcs wcs = coordinate_wcs(arena, exposure.all, map);
  arena.freeze();

  std::int64_t sum = 0;
  std::array<std::size_t, 31> counts{};
  for (std::size_t row = 0; row < 2048; ++row) {
    for (std::size_t column = 0; column < 2048; ++column) {
      const auto label = map.labels[row * 2048 + column];
      ++counts.at(label);
      sum += label * static_cast<std::int64_t>(3 * row + 7 * column);
    }
  }
  EXPECT_EQ(sum, 171130884322);
  EXPECT_EQ(counts[0], 2823695u);
  EXPECT_EQ(counts[1], 44869u);
  EXPECT_EQ(counts[30], 48029u);
  EXPECT_EQ(map.slicer_x[0], 0.0004);
  EXPECT_EQ(map.slicer_x[29], -0.0116);
  EXPECT_EQ(
      slice_footprint(map),
      "POLYGON ICRS  78.888177442 21.827646783 78.889364265 21.827646783 78.889364265 21.828851584 78.888177442 21.828851584");

  EXPECT_EQ(wcs::frame_names(arena, wcs), (std::vector<std::string>{"coordinates", "detector", "slicer", "msa_frame", "oteip",
                                                                    "oteip_chromcorr", "v2v3", "v2v3vacorr", "world"}));
  const double kNan = std::numeric_limits<double>::quiet_NaN();
  const double truth[][7] = {
      {1000, 60, kNan, kNan, kNan, kNan, kNan},
      {1000, 300, 78.88840166681635, 21.82832373365817, 1.1947611100147324, 999.99919653, 300.00123183},
      {1000, 1024, kNan, kNan, kNan, kNan, kNan},
      {1000, 1500, 78.88884845099602, 21.82862012359315, 1.1687320189444503, 999.99769828, 1500.00463693},
      {200.25, 700.25, 78.88859910026447, 21.828500177270126, 0.9941544875925128, 200.24848007, 700.25042854},
      {5, 5, kNan, kNan, kNan, kNan, kNan}};
  const wcs::Mapper forward = wcs::Mapper::forward(arena, wcs), back = wcs::Mapper::inverse(arena, wcs);
  wcs::Scratch scratch;
  for (const auto& row : truth) {
    const auto world = forward.point(scratch, {row[0], row[1]});
    if (std::isnan(row[2])) {
      EXPECT_TRUE(std::isnan(world[0]) && std::isnan(world[1]) && std::isnan(world[2])) << row[0] << ", " << row[1];
      continue;
    }
    EXPECT_NEAR(world[0], row[2], 1e-9);
    EXPECT_NEAR(world[1], row[3], 1e-9);
    EXPECT_NEAR(world[2], row[4], 1e-9 * row[4]);
    const auto pixel = back.point(scratch, {world[0], world[1], world[2]});
    EXPECT_NEAR(pixel[0], row[5], 1e-6);
    EXPECT_NEAR(pixel[1], row[6], 1e-6);
  }
  const wcs::BoundingBox box = slice_wcs(arena, wcs, 7).bounding_box;
  EXPECT_EQ(box.high[0], 1420.5);
  EXPECT_EQ(box.low[1], 1344.5);
  EXPECT_EQ(box.high[1], 1395.5);
  EXPECT_EQ(slice_labels(arena, wcs).size(), map.labels.size());
}

TEST(NirspecIfu, NothingFallsOnTheSecondDetectorWithMediumGratings) {
  nirspec::Setup setup = ifu_setup();
  setup.detector = "NRS2";
  setup.grating = "G235M";
  wcs::Arena arena;
  try {
    build_wcs(arena, {}, setup, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), ErrorCause::no_data);
    EXPECT_NE(std::string(error.what()).find("no IFU slice falls on detector NRS2 with G235M"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace spec2::assign_wcs::nirspec
