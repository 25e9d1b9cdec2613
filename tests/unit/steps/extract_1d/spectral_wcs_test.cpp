#include "steps/extract_1d/spectral_wcs.hpp"

#include <vector>

#include <gmock/gmock.h>

#include "wcs/mapper.hpp"

namespace spec2::extract_1d {
namespace {

using ::testing::ElementsAre;

std::vector<double> at(const wcs::Mapper& mapper, std::initializer_list<double> in) {
  wcs::Scratch scratch;
  const auto all = mapper.point(scratch, in);
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(mapper.outputs())};
}

TEST(SpectralWcs, PixelsToWavelengthsAndBack) {
  wcs::Arena arena;
  const std::vector<double> wavelength = {1.0, 2.0, 4.0};
  const wcs::Wcs wcs = spectral_wcs(arena, 82.5, -66.25, wavelength);
  const auto forward = wcs::Mapper::forward(arena, wcs);
  EXPECT_THAT(at(forward, {1.5}), ElementsAre(82.5, -66.25, 3.0));
  EXPECT_THAT(at(forward, {3.0}), ElementsAre(82.5, -66.25, 6.0));  // extrapolated
  EXPECT_THAT(at(wcs::Mapper::inverse(arena, wcs), {82.5, -66.25, 3.0}), ElementsAre(1.5));
  EXPECT_EQ(wcs::frame_names(arena, wcs), (std::vector<std::string>{"pixel_frame", "world"}));
}

TEST(SpectralWcs, FallingWavelengthsGoBackToo) {
  wcs::Arena arena;
  const std::vector<double> wavelength = {4.0, 2.0, 1.0};
  const wcs::Wcs wcs = spectral_wcs(arena, 0, 0, wavelength);
  EXPECT_THAT(at(wcs::Mapper::inverse(arena, wcs), {0, 0, 3.0}), ElementsAre(0.5));
}

TEST(SpectralWcs, NoWayBackFromWavelengthsThatTurn) {
  wcs::Arena arena;
  const std::vector<double> wavelength = {1.0, 2.0, 2.0};
  const wcs::Wcs wcs = spectral_wcs(arena, 0, 0, wavelength);
  EXPECT_FALSE(arena.custom_inverse(wcs.steps[0].transform));
  EXPECT_TRUE(spectral_wcs(arena, 0, 0, std::vector{1.0}).empty());
}

}  // namespace
}  // namespace spec2::extract_1d
