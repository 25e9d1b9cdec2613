#include "steps/bkg_subtract/mean_background.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/unit/steps/formula.hpp"

namespace spec2::bkg_subtract {
namespace {

constexpr std::size_t kRows = 3, kColumns = 4, kPixels = kRows * kColumns;

/// Four backgrounds: the first with a NaN pixel, the second with an outlier, the third with an infinity and DO_NOT_USE.
struct FourBackgrounds {
  std::vector<std::vector<float>> sci, err;
  std::vector<std::vector<std::uint32_t>> dq;
  std::size_t integrations;

  explicit FourBackgrounds(std::size_t count) : integrations(count) {
    for (std::size_t n = 1; n <= 4; ++n) {
      sci.push_back(test::scattered_floats(count * kPixels, 5, 1, 1000 * n));
      err.push_back(test::scattered_floats(count * kPixels, 0.5, 0.1, 1000 * n + 7));
      dq.emplace_back(count * kPixels, 0u);
      for (std::size_t i = 0; i < count; ++i) {
        const auto at = [&](std::size_t y, std::size_t x) { return i * kPixels + y * kColumns + x; };
        if (n == 1) sci.back()[at(0, 0)] = std::nanf("");
        if (n == 2) sci.back()[at(1, 1)] = 500.0f, dq.back()[at(1, 1)] = 4;
        if (n == 3) sci.back()[at(2, 3)] = std::numeric_limits<float>::infinity(), dq.back()[at(2, 2)] = 1;
      }
    }
  }
  std::vector<BackgroundImage> images() const {
    std::vector<BackgroundImage> seen;
    for (std::size_t n = 0; n < sci.size(); ++n) {
      seen.push_back({{sci[n].data(), integrations, kRows, kColumns}, {err[n].data(), integrations, kRows, kColumns},
                      {dq[n].data(), integrations, kRows, kColumns}, 0, 0, kRows, kColumns});
    }
    return seen;
  }
};

struct Mean {
  std::vector<float> mean, error;
  std::vector<std::uint32_t> dq;
};

/// All rows. What the room for a row held before does not matter.
Mean mean_of(const Backgrounds& backgrounds) {
  Mean all;
  MeanRow row(kColumns);
  std::fill(row.mean.begin(), row.mean.end(), 7.0f);
  std::fill(row.dq.begin(), row.dq.end(), 7u);
  for (std::size_t y = 0; y < kRows; ++y) {
    make_mean_row(backgrounds, y, row);
    all.mean.insert(all.mean.end(), row.mean.begin(), row.mean.end());
    all.error.insert(all.error.end(), row.error.begin(), row.error.end());
    all.dq.insert(all.dq.end(), row.dq.begin(), row.dq.end());
  }
  return all;
}

struct Golden {
  std::size_t integrations;
  ClipSettings clip;
  std::vector<float> mean, error;
};

// Made by jwst 3.0.0 background.background_sub.average_background on the same images, with all digits of float32.
const Golden kGolden[] = {{1,
                           {3.0, 0},
                           {5, 5.91900015f, 5.83799982f, 5.75699997f, 5.67600012f, 129.196243f, 5.51399994f, 5.43300009f,
                            5.35200024f, 5.27099991f, 5.19000006f, 5.10900021f},
                           {0.31367439f, 0.2676f, 0.263550013f, 0.259499997f, 0.25545001f, 0.251399994f, 0.297349989f,
                            0.293300003f, 0.289249986f, 0.2852f, 0.281150013f, 0.319967508f}},
                          {1,
                           {1.0, 1},
                           {5, 5.91900015f, 5.83799982f, 5.75699997f, 5.67600012f, 5.59499979f, 5.51399994f, 5.43300009f,
                            5.35200024f, 5.27099991f, 5.19000006f, 5.10900021f},
                           {0.31367439f, 0.2676f, 0.263550013f, 0.259499997f, 0.25545001f, 0.290291697f, 0.297349989f,
                            0.293300003f, 0.289249986f, 0.2852f, 0.281150013f, 0.319967508f}},
                          {5,
                           {3.0, 0},
                           {3.79199982f, 5.57499981f, 5.89400005f, 5.81299973f, 5.73199987f, 129.238251f, 5.56999969f,
                            5.48899984f, 5.40799999f, 5.32699966f, 5.24599981f, 3.87375021f},
                           {0.274457157f, 0.270407259f, 0.266357362f, 0.262307465f, 0.258257598f, 0.2542077f, 0.271110564f,
                            0.296106637f, 0.292056739f, 0.288006812f, 0.283956915f, 0.279907018f}},
                          {5,
                           {1.0, 1},
                           {5.05599976f, 5.94700003f, 5.89399958f, 5.81299973f, 5.73199987f, 5.65099955f, 5.56999969f,
                            5.48899984f, 5.40799952f, 5.32699966f, 5.24599981f, 5.16499996f},
                           {0.316910297f, 0.270402402f, 0.266352445f, 0.262302488f, 0.258252531f, 0.293527842f, 0.251552582f,
                            0.296102196f, 0.292052239f, 0.288002282f, 0.283952296f, 0.323203385f}}};

TEST(MeanBackground, IsThePeersBitForBitForImagesAndStacks) {
  for (const Golden& golden : kGolden) {
    SCOPED_TRACE(testing::Message() << golden.integrations << " integrations, sigma " << golden.clip.sigma);
    const FourBackgrounds backgrounds(golden.integrations);
    const std::vector<BackgroundImage> images = backgrounds.images();
    const auto [mean, error, dq] = mean_of({images, golden.integrations > 1, golden.clip});
    for (std::size_t i = 0; i < kPixels; ++i) {
      EXPECT_FLOAT_EQ(mean[i], golden.mean[i]) << i;
      EXPECT_FLOAT_EQ(error[i], golden.error[i]) << i;
      EXPECT_EQ(dq[i], i == 5 ? 4u : i == 10 ? 1u : 0u) << i;
    }
  }
}

TEST(MeanBackground, PixelsWithoutAnyValueAreZero) {
  const std::vector<float> nothing(kPixels, std::nanf(""));
  const std::vector<std::uint32_t> flags(kPixels, 1);
  const std::vector<BackgroundImage> images = {{{nothing.data(), 1, kRows, kColumns},
                                                {nothing.data(), 1, kRows, kColumns},
                                                {flags.data(), 1, kRows, kColumns},
                                                0,
                                                0,
                                                kRows,
                                                kColumns},
                                               {{nothing.data(), 1, kRows, kColumns},
                                                {nothing.data(), 1, kRows, kColumns},
                                                {flags.data(), 1, kRows, kColumns},
                                                0,
                                                0,
                                                0,
                                                0}};  // no overlap
  const auto [mean, error, dq] = mean_of({images, false, {}});
  for (std::size_t i = 0; i < kPixels; ++i) {
    EXPECT_EQ(mean[i], 0.0f);
    EXPECT_EQ(error[i], 0.0f);
    EXPECT_EQ(dq[i], 1u);
  }
}

}  // namespace
}  // namespace spec2::bkg_subtract
