#include "steps/pixel_replace/trace_model.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/math/least_squares_spline.hpp"
#include "steps/pixel_replace/trace_profile.hpp"
#include "tests/unit/steps/formula.hpp"

namespace spec2::pixel_replace {
namespace {

// scipy 1.17 make_lsq_spline(x, y, t): QR of the same matrix, equal to rounding.
TEST(LeastSquaresSpline, IsScipysAndGoesOnBeyondItsEnds) {
  std::vector<double> x, y;
  for (std::size_t i = 0; i < 40; ++i) {
    x.push_back(static_cast<double>(i) / 39.0);
    y.push_back(test::scattered(i));
  }
  const auto spline = fit_cubic_spline(x, y, {0, 0, 0, 0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1});
  ASSERT_TRUE(spline);
  const std::pair<double, double> golden[] = {{-0.05, -1.22660357928695}, {0.0, 0.202457956777067}, {0.33, 0.489306422590699},
                                              {0.8, 0.65235868347624},    {1.0, 1.05901946483545},  {1.02, 1.68895357644045}};
  for (const auto& [at, value] : golden) EXPECT_NEAR((*spline)(at), value, 1e-12) << at;
}

TEST(LeastSquaresSpline, ThereIsNoneWhenAKnotIntervalHasNoData) {
  const std::vector<double> x = {0.0, 0.05, 0.1, 0.9, 0.95, 1.0}, y(6, 1.0);
  EXPECT_FALSE(fit_cubic_spline(x, y, {0, 0, 0, 0, 0.2, 0.3, 0.4, 0.5, 0.6, 1, 1, 1, 1}));
  EXPECT_FALSE(fit_cubic_spline(std::vector<double>{0.0, 1.0}, std::vector<double>{0.0, 1.0}, {0, 0, 0, 0, 1, 1, 1, 1}));
  EXPECT_FALSE(fit_cubic_spline(x, y, {0.1, 0.1, 0.1, 0.1, 1, 1, 1, 1}));  // a point before the first knot
}

TEST(FloatRange, HasAsManyValuesAsNumpysFloat32) {
  // np.arange(np.float32(0), np.float32(0.3), np.float32(0.1)): the quotient is 3 in float32 and 3.00000008 in float64.
  EXPECT_EQ(float_range(0.0f, 0.3f, 0.1f).size(), 3u);
  EXPECT_EQ(float_range(0.1f, 1.0f, 0.1f).size(), 9u);
  EXPECT_TRUE(float_range(1.0f, 1.0f, 0.1f).empty());
}

struct Trace {
  static constexpr std::size_t kRows = 24, kColumns = 130;
  std::vector<float> flux, error = std::vector<float>(kRows * kColumns, 1.0f), position;
  Trace() {
    for (std::size_t y = 0; y < kRows; ++y) {
      for (std::size_t x = 0; x < kColumns; ++x) {
        const double offset = static_cast<double>(y) - 11.3 - 0.02 * static_cast<double>(x);
        const double squared = offset * offset;
        flux.push_back(static_cast<float>(100.0 / (1.0 + squared * squared / 8.0) + test::scattered(y * kColumns + x)));
        position.push_back(static_cast<float>(offset * 0.04));
      }
    }
    flux[10 * kColumns + 40] = flux[11 * kColumns + 90] = flux[12 * kColumns + 90] = flux[3 * kColumns + 5] = std::nanf("");
    for (std::size_t y = 0; y < kRows; ++y) flux[y * kColumns + 60] = std::nanf("");
  }
};

// Made by jwst 3.0.0 adaptive_trace_model.trace_model (fit_all_regions, _trace_image) on the same image: NRS1, a grating.
TEST(TraceModel, ACompactSourceHasThePeersTrace) {
  const Trace slit;
  const std::vector<float> trace =
      trace_model({slit.flux.data(), Trace::kRows, Trace::kColumns}, {slit.error.data(), Trace::kRows, Trace::kColumns},
                  slit.position, TraceSettings::of("NRS1", "G395M"));
  const auto at = [&](std::size_t y, std::size_t x) { return trace[y * Trace::kColumns + x]; };
  const std::pair<float, float> golden[] = {{at(10, 40), 29.6910648f}, {at(11, 90), 29.5116901f}, {at(12, 90), 85.1270065f},
                                            {at(13, 100), 100.208275f}, {at(10, 2), 71.65905f}, {at(12, 127), 41.561985f}};
  for (const auto& [ours, peer] : golden) EXPECT_NEAR(ours, peer, 1e-5 * peer);
  EXPECT_TRUE(std::isnan(at(3, 5)));    // far from the source
  EXPECT_TRUE(std::isnan(at(11, 60)));  // a column without data has no scale
  std::size_t count = 0;
  double sum = 0.0;
  for (const float value : trace) {
    if (std::isnan(value)) continue;
    ++count;
    sum += value;
  }
  EXPECT_EQ(count, 516u);
  EXPECT_NEAR(sum, 31349.754405, 0.03);
}

TEST(TraceModel, AFaintSlitHasNone) {
  Trace slit;
  std::fill(slit.error.begin(), slit.error.end(), 100.0f);
  const std::vector<float> trace =
      trace_model({slit.flux.data(), Trace::kRows, Trace::kColumns}, {slit.error.data(), Trace::kRows, Trace::kColumns},
                  slit.position, TraceSettings::of("NRS2", "PRISM"));
  for (const float value : trace) EXPECT_TRUE(std::isnan(value));
}

TEST(TraceModel, ReplacedPixelsAreFlaggedAndTheirErrorsInterpolatedAlongTheRow) {
  const float nan = std::nanf("");
  std::vector<float> sci = {1, nan, 3, nan}, err = {1, 9, 3, 9}, variance = {1, 9, 4, 9};
  std::vector<std::uint32_t> dq = {0, 5, 0, 1};
  const std::vector<float> trace = {nan, 2.5f, 7, nan};
  const auto view = [](auto& plane) {
    return View2<typename std::remove_reference_t<decltype(plane)>::value_type>(plane.data(), 1, 4);
  };
  replace_by_trace({view(sci), view(err), {view(variance), {}, {}}, view(dq)}, {trace.data(), 1, 4});
  EXPECT_EQ(sci[1], 2.5f);
  EXPECT_EQ(sci[2], 3.0f);
  EXPECT_TRUE(std::isnan(sci[3]));
  EXPECT_EQ(err[1], 2.0f);
  EXPECT_EQ(variance[1], 2.25f);  // the error between 1 and 2
  EXPECT_EQ(dq[1], 4u | 268435456u);
  EXPECT_EQ(dq[3], 1u);
}

}  // namespace
}  // namespace spec2::pixel_replace
