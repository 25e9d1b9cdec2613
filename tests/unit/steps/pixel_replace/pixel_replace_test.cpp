#include <gtest/gtest.h>

#include <cmath>

#include "steps/pixel_replace/replaceable_image.hpp"
#include "tests/unit/steps/formula.hpp"

namespace spec2::pixel_replace {
namespace {

constexpr std::size_t kRows = 8, kColumns = 9, kPixels = kRows * kColumns;

struct Pixel {
  std::size_t y, x;
};
/// Bad pixels; one of them NON_SCIENCE too, and one of a column without any good pixel.
const Pixel kBad[] = {{3, 4}, {4, 4}, {2, 7}, {5, 2}, {3, 2}, {6, 6}, {4, 8}};

struct Slit {
  std::vector<float> sci, err = test::scattered_floats(kPixels, 0.1, 0.05, 3);
  std::vector<float> poisson = test::scattered_floats(kPixels, 0.01, 0.01, 11),
                     rnoise = test::scattered_floats(kPixels, 0.01, 0.01, 17),
                     flat = test::scattered_floats(kPixels, 0.01, 0.01, 23);
  std::vector<std::uint32_t> dq = std::vector<std::uint32_t>(kPixels);
  Slit() {
    const double profile[] = {1, 2, 6, 14, 12, 5, 2, 1};
    for (std::size_t i = 0; i < kPixels; ++i) {
      sci.push_back(
          static_cast<float>(profile[i / kColumns] * (1 + 0.02 * static_cast<double>(i % kColumns)) + 0.2 * test::scattered(i)));
      if (i % kColumns == 8) set_bad(i, 1);
    }
    for (std::size_t k = 0; k < 6; ++k) set_bad(kBad[k].y * kColumns + kBad[k].x, k == 5 ? 513 : 1);
  }
  void set_bad(std::size_t i, std::uint32_t flags) {
    dq[i] = flags;
    sci[i] = std::nanf("");
  }
  ReplaceableImage image() {
    const auto view = [](std::vector<float>& plane) { return View2<float>(plane.data(), kRows, kColumns); };
    return {view(sci), view(err), {view(poisson), view(rnoise), view(flat)}, {dq.data(), kRows, kColumns}};
  }
};

struct Golden {
  std::vector<double> sci, err, poisson;
  std::vector<std::uint32_t> dq;
};

void expect_golden(Slit& slit, const Golden& golden) {
  for (std::size_t k = 0; k < std::size(kBad); ++k) {
    const std::size_t i = kBad[k].y * kColumns + kBad[k].x;
    if (std::isnan(golden.sci[k])) EXPECT_TRUE(std::isnan(slit.sci[i])) << k;
    else EXPECT_FLOAT_EQ(slit.sci[i], static_cast<float>(golden.sci[k])) << k;
    EXPECT_FLOAT_EQ(slit.err[i], static_cast<float>(golden.err[k])) << k;
    EXPECT_FLOAT_EQ(slit.poisson[i], static_cast<float>(golden.poisson[k])) << k;
    EXPECT_EQ(slit.dq[i], golden.dq[k]) << k;
  }
}

constexpr std::uint32_t kEstimated = 268435456;

// Both made by jwst 3.0.0 pixel_replace.PixelReplacement on the same arrays; float32 throughout, all digits.
TEST(PixelReplace, FitProfileIsThePeers) {
  Slit slit;
  fit_profile(slit.image(), 3);
  expect_golden(slit, {{15.0597019, 12.9707336, 6.76424456, 5.28914022, 14.7718344, test::kNaN, test::kNaN},
                       {0.105300009, 0.124649473, 0.147687808, 0.129144788, 0.121181272, 0.144850001, 0.109650001},
                       {0.0143544525, 0.0150927575, 0.0129798669, 0.0145002371, 0.0178129151, 0.0124899996, 0.0154499998},
                       {kEstimated, kEstimated, kEstimated, kEstimated, kEstimated, 513, 1}});
}

TEST(PixelReplace, MingradIsThePeers) {
  Slit slit;
  mingrad(slit.image());
  expect_golden(slit, {{15.2178001, 13.1119995, 9.2149992, 5.23859978, 14.6902008, 2.26800013, test::kNaN},
                       {0.112300001, 0.125849992, 0.111599997, 0.122500002, 0.120399997, 0.144850001, 0.109650001},
                       {0.0159697309, 0.0186812207, 0.0157567989, 0.0130073894, 0.0175906755, 0.0124768531, 0.0154499998},
                       {kEstimated, kEstimated, kEstimated, kEstimated, kEstimated, kEstimated | 513, 1}});
}

TEST(PixelReplace, NothingIsDoneWithoutGoodPixels) {
  Slit slit;
  for (std::size_t i = 0; i < kPixels; ++i) slit.set_bad(i, 1);
  fit_profile(slit.image(), 3);
  mingrad(slit.image());
  for (std::size_t i = 0; i < kPixels; ++i) {
    EXPECT_TRUE(std::isnan(slit.sci[i]));
    EXPECT_EQ(slit.dq[i], 1u);
  }
}

}  // namespace
}  // namespace spec2::pixel_replace
