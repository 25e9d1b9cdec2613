#include "steps/extract_1d/aperture.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "steps/extract_1d/aperture_correction.hpp"
#include "tests/unit/steps/formula.hpp"

namespace spec2::extract_1d {
namespace {

Extract1dReference reference_with(Extract1dReference::Aperture aperture) {
  Extract1dReference reference;
  reference.apertures.push_back(std::move(aperture));
  return reference;
}

Extract1dReference::Aperture slit(const std::string& name) {
  Extract1dReference::Aperture aperture;
  aperture.id = name;
  return aperture;
}

TEST(Aperture, ParametersWinOverTheReference) {
  auto aperture = slit("S200A1");
  aperture.extract_width = 6.0;
  aperture.bkg_coeff = {{1.0}, {5.0}};
  aperture.bkg_fit = "median";
  aperture.bkg_order = 2;
  aperture.smoothing_length = 5.0;
  const Extract1dReference reference = reference_with(aperture);
  auto settings = aperture_settings(&reference, {}, "S200A1", 1, 40, 100, true, true);
  ASSERT_TRUE(settings);
  EXPECT_TRUE(settings->subtract_background && settings->use_source_position);
  EXPECT_EQ(settings->background_fit, BackgroundFit::median);
  EXPECT_EQ(settings->smoothing_length, 5);

  Extract1dConfig config;
  config.bkg_fit = "mean";
  config.bkg_order = 3;
  config.smoothing_length = 8;
  config.use_source_posn = false;
  settings = aperture_settings(&reference, config, "S200A1", 1, 40, 100, true, true);
  EXPECT_EQ(settings->background_fit, BackgroundFit::polynomial);
  EXPECT_EQ(settings->background_order, 0);   // a mean is a polynomial of order 0, whatever order is asked for
  EXPECT_EQ(settings->smoothing_length, 7);   // even lengths are rounded down
  EXPECT_FALSE(settings->use_source_position);
  config.smoothing_length = 2;
  EXPECT_EQ(aperture_settings(&reference, config, "S200A1", 1, 40, 100, true, true)->smoothing_length, 0);
}

TEST(Aperture, ExtendedSourcesKeepTheNominalPlaceUnlessAsked) {
  auto aperture = slit("ANY");
  aperture.use_source_posn = true;
  const Extract1dReference reference = reference_with(aperture);
  EXPECT_FALSE(aperture_settings(&reference, {}, "S200A1", 1, 10, 10, false, true)->use_source_position);
  Extract1dConfig config;
  config.use_source_posn = true;
  EXPECT_TRUE(aperture_settings(&reference, config, "S200A1", 1, 10, 10, false, true)->use_source_position);
}

TEST(Aperture, AnUnknownSlitIsAnErrorAndAnUnknownOrderIsNot) {
  auto aperture = slit("S400A1");
  aperture.spectral_order = 2;
  const Extract1dReference reference = reference_with(aperture);
  EXPECT_FALSE(aperture_settings(&reference, {}, "S400A1", 1, 10, 10, true, true));
  try {
    aperture_settings(&reference, {}, "S200A1", 1, 10, 10, true, true);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), ErrorCause::reference);
    EXPECT_NE(std::string(error.what()).find("no aperture for slit S200A1"), std::string::npos) << error.what();
  }
}

TEST(Aperture, PartialPixelsCarryTheirCoveredPart) {
  ApertureSettings settings;
  settings.xstop = 3;
  settings.ystart = 1.7;
  settings.ystop = 4.25;
  const std::vector<double> wavelength(8 * 4, 1.0);
  const BoxProfile profile = box_profile(settings, Region::source, {wavelength.data(), 8, 4}, {});
  // jwst 3.0.0 extract_1d.extract.box_profile: limits are inclusive, pixel 1 is covered by 0.3, pixel 5 by 0.25.
  const double expected[] = {0, 0.3, 1, 1, 1, 0.25, 0, 0};
  for (std::size_t y = 0; y < 8; ++y) EXPECT_NEAR(profile.weights[y * 4], expected[y], 1e-12) << y;
  EXPECT_DOUBLE_EQ(profile.lower, 1.7);
  EXPECT_DOUBLE_EQ(profile.upper, 4.25);
}

TEST(Aperture, ATraceHasNoWeightWhereItIsUnknownAndAMedianBackgroundNoPartialPixels) {
  ApertureSettings settings;
  settings.xstop = 2;
  settings.width = 3.0;
  settings.background_limits = Extract1dReference::Polynomials{{0.2}, {2.9}};
  settings.background_fit = BackgroundFit::median;
  const std::vector<double> wavelength(10 * 3, 1.0);
  const View2<const double> view(wavelength.data(), 10, 3);
  const BoxProfile source = box_profile(settings, Region::source, view, {5.0, test::kNaN, 5.5});
  EXPECT_EQ(source.weights[5 * 3 + 1], 0.0);
  EXPECT_EQ(source.weights[5 * 3], 1.0);
  EXPECT_DOUBLE_EQ(source.weights[4 * 3 + 2], 0.5);
  const BoxProfile background = box_profile(settings, Region::background, view, {});
  for (std::size_t y = 0; y < 10; ++y) EXPECT_EQ(background.weights[y * 3], y == 1 || y == 2 ? 1.0 : 0.0) << y;
}

TEST(ApertureCorrection, IsOneOutsideTheTableAndHoldsTheSizesAtItsEnds) {
  SlitApcorrReference::Row row;
  row.wavelength = {1.0, 2.0};
  row.phase = {0.3, 0.5, 0.7};
  row.sizes = 2;
  row.size = {2.0, 2.0, 6.0, 6.0};
  row.correction = {9, 2.0, 9, 9, 4.0, 9, 9, 1.0, 9, 9, 2.0, 9};  // [size][wavelength][phase]
  const std::vector<double> factors = correction_factors(row, 1.0, {0.9, 1.0, 1.5, 1.5, 1.5, 2.0}, {4, 2, 4, 1, 9, 6});
  EXPECT_DOUBLE_EQ(factors[0], 1.0);
  EXPECT_DOUBLE_EQ(factors[1], 2.0);
  EXPECT_DOUBLE_EQ(factors[2], 2.25);
  EXPECT_DOUBLE_EQ(factors[3], 3.0);  // smaller than the table: its first size
  EXPECT_DOUBLE_EQ(factors[4], 1.5);
  EXPECT_DOUBLE_EQ(factors[5], 2.0);
}

}  // namespace
}  // namespace spec2::extract_1d
