#include "steps/extract_1d/box_extraction.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "steps/extract_1d/background.hpp"
#include "tests/unit/steps/formula.hpp"

namespace spec2::extract_1d {
namespace {

using test::kNaN;
constexpr std::size_t kRows = 9, kColumns = 5;

/// An image with a source in the middle, a NaN pixel in the background, an empty column, and weights with partial pixels.
struct Scene {
  std::vector<float> sci = test::scattered_floats(kRows * kColumns, 10, 5);
  std::vector<float> rnoise = test::scattered_floats(kRows * kColumns, 1, 1, 50);
  std::vector<float> poisson = test::scattered_floats(kRows * kColumns, 2, 1, 90);
  std::vector<float> flat = test::scattered_floats(kRows * kColumns, 0, 0.5, 130);
  std::vector<double> profile = std::vector<double>(kRows * kColumns), background = profile;

  Scene() {
    for (std::size_t x = 0; x < kColumns; ++x) {
      sci[4 * kColumns + x] += 20.0f;
      const double source[] = {0, 0, 0.25, 1, 1, 1, 0.4, 0, 0}, outside[] = {1, 1, 0.5, 0, 0, 0, 0, 1, 1};
      for (std::size_t y = 0; y < kRows; ++y) {
        profile[y * kColumns + x] = source[y];
        background[y * kColumns + x] = outside[y];
        if (x == 3) sci[y * kColumns + x] = std::nanf("");
      }
    }
    sci[2 * kColumns + 1] = sci[7 * kColumns + 2] = poisson[6 * kColumns] = std::nanf("");
  }
  ImageSet images() const {
    const auto view = [](const std::vector<float>& plane) { return View2<const float>(plane.data(), kRows, kColumns); };
    return {view(sci), view(rnoise), view(poisson), view(flat)};
  }
  ExtractionPlan plan(BackgroundFit fit, int order, int smoothing) const {
    return {{profile.data(), kRows, kColumns}, {background.data(), kRows, kColumns}, fit, order, smoothing};
  }
};

void expect_near(const std::vector<double>& ours, const std::vector<double>& peer, const char* what) {
  ASSERT_EQ(ours.size(), peer.size()) << what;
  for (std::size_t i = 0; i < peer.size(); ++i) {
    if (std::isnan(peer[i])) EXPECT_TRUE(std::isnan(ours[i])) << what << " " << i;
    // The peer smooths and takes medians in float32.
    else EXPECT_NEAR(ours[i], peer[i], 3e-6 * std::abs(peer[i])) << what << " " << i;
  }
}

struct Golden {
  BackgroundFit fit;
  int order, smoothing;
  std::vector<double> flux, rnoise, poisson, flat, background, background_rnoise;
};

// Made by jwst 3.0.0 extract_1d.extract1d.extract1d on the same images.
const Golden kGolden[] = {{BackgroundFit::none,
                           0,
                           0,
                           {68.5774999142, 64.4629995346, 65.6209995747, kNaN, 63.9144989967},
                           {5.30445000559, 4.9772399807, 4.84490495771, 0, 4.32286000252},
                           {7.45124974847, 7.37884016991, 8.29400491953, 0, 7.93196011007},
                           {0.798825006709, 0.730219990015, 0.617802510522, 0, 0.856780009754},
                           {0, 0, 0, 0, 0},
                           {0, 0, 0, 0, 0}},
                          {BackgroundFit::polynomial,
                           1,
                           0,
                           {25.4962403928, 21.3099990826, 20.4306450792, kNaN, 16.0939840328},
                           {9.29783524902, 9.94803350058, 11.2312966346, 0, 8.6022773667},
                           {14.6821017046, 15.7481068048, 17.6753973996, 0, 14.6953654574},
                           {1.36479830294, 1.58260254822, 1.13487096282, 0, 1.57233615817},
                           {43.0812595213, 43.153000452, 45.1903544955, 0, 47.820514964},
                           {3.99338524343, 4.97079351988, 6.38639167685, 0, 4.27941736418}},
                          {BackgroundFit::polynomial,
                           0,
                           3,
                           {25.0135335445, 22.3745415688, 19.9115926981, kNaN, 16.135999136},
                           {9.27988402592, 9.96984679932, 10.4212038862, 0, 8.50079602031},
                           {14.5175038704, 15.7353781075, 16.4015788162, 0, 14.6678160389},
                           {1.34771201131, 1.59451719821, 1.35761758661, 0, 1.50691800912},
                           {43.5639663696, 42.0884579659, 45.7094068766, 0, 47.7784998608},
                           {3.97543402033, 4.99260681862, 5.57629892848, 0, 4.17793601779}},
                          {BackgroundFit::median,
                           0,
                           0,
                           {28.610001564, 20.3224992752, 19.7131268024, kNaN, 15.0774976254},
                           {11.0290749949, 12.1665937995, 12.8747754147, 0, 10.3390878681},
                           {17.6266556841, 19.4122548, 19.9689113308, 0, 17.6315926476},
                           {1.58922229334, 1.97480796982, 1.68313622009, 0, 1.79297872884},
                           {39.9674993038, 44.1405002594, 45.9078727722, 0, 48.8370004177},
                           {5.72462498927, 7.18935381881, 8.02987045702, 0, 6.01622786561}},
                          {BackgroundFit::median,
                           0,
                           3,
                           {26.4869153023, 21.7250005722, 20.4796234608, kNaN, 15.0774976254},
                           {11.0290749949, 12.1665937995, 12.8747754147, 0, 10.3390878681},
                           {17.6266556841, 19.4122548, 19.9689113308, 0, 17.6315926476},
                           {1.58922229334, 1.97480796982, 1.68313622009, 0, 1.79297872884},
                           {42.0905836582, 42.7379989624, 45.1413761139, 0, 48.8370004177},
                           {5.72462498927, 7.18935381881, 8.02987045702, 0, 6.01622786561}}};

TEST(BoxExtraction, SumsAndVariancesAreThePeersForEveryBackground) {
  const Scene scene;
  for (const Golden& golden : kGolden) {
    SCOPED_TRACE(testing::Message() << "fit " << static_cast<int>(golden.fit) << " order " << golden.order << " smoothing "
                                    << golden.smoothing);
    const ColumnSums sums = extract_box(scene.images(), scene.plan(golden.fit, golden.order, golden.smoothing));
    expect_near(sums.flux, golden.flux, "flux");
    expect_near(sums.var_rnoise, golden.rnoise, "read noise");
    expect_near(sums.var_poisson, golden.poisson, "Poisson");
    expect_near(sums.var_flat, golden.flat, "flat");
    expect_near(sums.background, golden.background, "background");
    expect_near(sums.background_var_rnoise, golden.background_rnoise, "background read noise");
    expect_near(sums.npixels, {3.65, 3.4, 3.65, 0, 3.65}, "pixels");
  }
}

TEST(BoxExtraction, TheModelOfTheSceneHoldsTheFlux) {
  const Scene scene;
  std::vector<double> model(kRows * kColumns);
  const ColumnSums sums = extract_box(scene.images(), scene.plan(BackgroundFit::none, 0, 0), {model.data(), kRows, kColumns});
  double column = 0.0;
  for (std::size_t y = 0; y < kRows; ++y) column += model[y * kColumns];
  EXPECT_NEAR(column, sums.flux[0], 1e-12 * column);
}

TEST(BoxExtraction, SmoothingLeavesOutNaNAndHoldsTheEnds) {
  const std::vector<float> row = {1, std::nanf(""), 4, std::nanf(""), std::nanf(""), std::nanf(""), 9};
  const std::vector<double> smooth = smooth_rows(View2<const float>(row.data(), 1, row.size()), 3);
  EXPECT_DOUBLE_EQ(smooth[0], 1.0);  // 1 counts twice
  EXPECT_DOUBLE_EQ(smooth[1], 2.5);
  EXPECT_DOUBLE_EQ(smooth[2], 4.0);
  EXPECT_TRUE(std::isnan(smooth[4]));
  EXPECT_DOUBLE_EQ(smooth[6], 9.0);
}

}  // namespace
}  // namespace spec2::extract_1d
