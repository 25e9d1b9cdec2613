// Open slits, slitlets and dispersers. Golden numbers: functions of jwst 3.0.0 assign_wcs.nirspec named at each test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "steps/assign_wcs/nirspec/disperser.hpp"
#include "steps/assign_wcs/nirspec/msa_slitlets.hpp"
#include "steps/assign_wcs/nirspec/optics.hpp"
#include "steps/assign_wcs/nirspec/slits.hpp"

namespace spec2::assign_wcs::nirspec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

nirspec::Setup fixed_slits(const std::string& subarray, const std::string& primary = "NONE") {
  nirspec::Setup setup;
  setup.exp_type = "NRS_FIXEDSLIT";
  setup.subarray = subarray;
  setup.primary_slit = primary;
  return setup;
}

std::vector<std::string> names(const std::vector<wcs::SlitDescription>& slits) {
  std::vector<std::string> found;
  for (const auto& slit : slits) found.push_back(slit.name);
  return found;
}

template <class Action>
std::string message_of(Action action, ErrorCause cause) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), cause);
    return error.what();
  }
  return "nothing was thrown";
}

// get_open_fixed_slits
TEST(FixedSlits, BySubarray) {
  EXPECT_THAT(names(open_fixed_slits(fixed_slits("SUBS200A1"))), ElementsAre("S200A1"));
  EXPECT_THAT(names(open_fixed_slits(fixed_slits("SUBS400A1"))), ElementsAre("S400A1"));
  EXPECT_THAT(names(open_fixed_slits(fixed_slits("SUB512S"))), ElementsAre("S1600A1"));
  EXPECT_THAT(names(open_fixed_slits(fixed_slits("ALLSLITS"))), ElementsAre("S200A1", "S200A2", "S400A1", "S1600A1", "S200B1"));
  EXPECT_THAT(names(open_fixed_slits(fixed_slits("FULL"))), ElementsAre("S200A1", "S200A2", "S400A1", "S1600A1", "S200B1"));
}

TEST(FixedSlits, SourceNumbersAndIds) {
  const auto slits = open_fixed_slits(fixed_slits("FULL", "S400A1"));
  std::vector<std::int64_t> sources, ids, shutters;
  for (const auto& slit : slits) {
    sources.push_back(slit.source_id);
    ids.push_back(slit.slit_id);
    shutters.push_back(slit.shutter_id);
    EXPECT_EQ(slit.quadrant, 5);
    EXPECT_EQ(slit.ymin, -0.55);
  }
  EXPECT_THAT(sources, ElementsAre(31, 32, 1, 34, 35));
  EXPECT_THAT(ids, ElementsAre(-101, -102, -103, -104, -105));
  EXPECT_THAT(shutters, ElementsAre(0, 1, 2, 3, 4));
}

TEST(FixedSlits, BrightObjectsUseTheWideSlit) {
  nirspec::Setup setup = fixed_slits("SUB512");
  setup.exp_type = "NRS_BRIGHTOBJ";
  const auto slits = open_fixed_slits(setup);
  ASSERT_THAT(names(slits), ElementsAre("S1600A1"));
  EXPECT_EQ(slits[0].source_id, 1);
  EXPECT_EQ(slits[0].shutter_id, 3);
}

TEST(FixedSlits, BadHeaders) {
  EXPECT_THAT(message_of([] { open_fixed_slits(fixed_slits("")); }, ErrorCause::data), HasSubstr("SUBARRAY"));
  const std::string message = message_of([] { open_fixed_slits(fixed_slits("FULL", "S300A1")); }, ErrorCause::data);
  EXPECT_THAT(message, HasSubstr("'S300A1' is no fixed slit"));
  EXPECT_THAT(message, HasSubstr("S1600A1"));
}

ShutterRow shutter(std::int64_t slitlet, int quadrant, std::int64_t row, std::int64_t column, std::int64_t source,
                   bool background, bool primary, double x = kNan, double y = kNan) {
  return {slitlet, 1, quadrant, row, column, source, background, x, y, 1, primary, "NONE"};
}

const MsaSelection kSelection{"1234", 1, 1};

std::vector<wcs::SlitDescription> slitlets(std::vector<ShutterRow> rows, std::vector<SourceRow> sources = {}) {
  const MsaMetafile metafile{"made_up_msa.fits", std::move(rows), std::move(sources)};
  const SlitScales scales{{{1.36, 1.14}, {1.37, 1.15}, {1.38, 1.16}, {1.39, 1.17}}};
  return open_msa_slitlets(metafile, kSelection, fixed_slits("FULL"), scales);
}

// get_open_msa_slits on slitlets 14, 7 and 5 of shared/wcs/nirspec_frames_msa.fits
TEST(MsaSlitlets, WithSource) {
  const auto open =
      slitlets({shutter(14, 3, 263, 79, 114, true, false), shutter(14, 3, 263, 80, 114, false, true, 0.61841667, 0.4035924),
                shutter(14, 3, 263, 81, 114, true, false), shutter(14, 3, 263, 82, 114, true, false),
                shutter(14, 3, 263, 83, 114, true, false)},
               {{114, "9001_114", "114", 1.0, 10.5, -20.25}});
  ASSERT_EQ(open.size(), 1u);
  const wcs::SlitDescription& slit = open[0];
  EXPECT_EQ(slit.name, "14");
  EXPECT_TRUE(slit.numeric_name);
  EXPECT_EQ(slit.slit_id, 14);
  EXPECT_EQ(slit.shutter_id, 29098);
  EXPECT_EQ(slit.xcen, 263);
  EXPECT_EQ(slit.ycen, 80);
  EXPECT_DOUBLE_EQ(slit.ymin, -2.2);
  EXPECT_DOUBLE_EQ(slit.ymax, 4.5);
  EXPECT_EQ(slit.quadrant, 3);
  EXPECT_EQ(slit.source_id, 114);
  EXPECT_EQ(slit.shutter_state, "1x111");
  EXPECT_EQ(slit.source_name, "9001_114");
  EXPECT_EQ(slit.source_alias, "114");
  EXPECT_EQ(slit.stellarity, 1.0);
  EXPECT_FLOAT_EQ(static_cast<float>(slit.source_xpos), 0.11841667f);
  EXPECT_FLOAT_EQ(static_cast<float>(slit.source_ypos), -0.09640759f);
  EXPECT_EQ(slit.source_ra, 10.5);
  EXPECT_EQ(slit.slit_xscale, 1.38);
}

TEST(MsaSlitlets, BackgroundOnly) {
  const auto open = slitlets({shutter(5, 1, 186, 141, 0, true, false), shutter(5, 1, 186, 142, 0, true, false)});
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].shutter_id, 51286);
  EXPECT_EQ(open[0].source_id, 5);
  EXPECT_EQ(open[0].source_name, "1234_BKG5");
  EXPECT_EQ(open[0].source_alias, "BKG5");
  EXPECT_EQ(open[0].shutter_state, "x1");
  EXPECT_DOUBLE_EQ(open[0].ymin, -1.05);
  EXPECT_DOUBLE_EQ(open[0].ymax, 2.2);
  EXPECT_EQ(open[0].source_xpos, 0.0);
}

TEST(MsaSlitlets, ClosedShutterInBetweenAndVirtualSource) {
  const auto open = slitlets({shutter(7, 2, 186, 162, -3, false, true), shutter(7, 2, 186, 164, -3, true, false)});
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].shutter_state, "x01");
  EXPECT_EQ(open[0].source_name, "1234_VRT7");
  EXPECT_EQ(open[0].source_id, -3);
}

TEST(MsaSlitlets, OtherConfigurationsAndDithersAreLeftOut) {
  ShutterRow other = shutter(8, 1, 10, 10, 0, true, false);
  other.msa_metadata_id = 2;
  ShutterRow dithered = shutter(9, 1, 10, 10, 0, true, false);
  dithered.dither_point = 2;
  EXPECT_TRUE(slitlets({other, dithered}).empty());
}

TEST(MsaSlitlets, FixedSlits) {
  ShutterRow row = shutter(21, 5, 0, 0, 300, false, true, 0.4, 0.55);
  row.fixed_slit = "S200A1";
  auto open = slitlets({row});
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].name, "S200A1");
  EXPECT_EQ(open[0].slit_id, -101);
  EXPECT_EQ(open[0].quadrant, 5);
  EXPECT_EQ(open[0].ymax, 0.55);
  EXPECT_EQ(open[0].slit_xscale, 1.35);
  row.primary_source = false;
  EXPECT_TRUE(slitlets({row}).empty());
}

TEST(MsaSlitlets, WrongMetafilesAreNamed) {
  const std::string two = message_of(
      [] {
        slitlets({shutter(3, 1, 5, 5, 1, false, true), shutter(3, 1, 5, 6, 1, false, true)});
      },
      ErrorCause::data);
  EXPECT_THAT(two, HasSubstr("slitlet 3 (MSAMETID 1, dither point 1) has more than one shutter with a primary source"));
  EXPECT_THAT(two, HasSubstr("made_up_msa.fits"));
}

// get_spectral_order_wrange
TEST(SpectralRange, ByFilterThenByGratingThenFull) {
  const std::vector<asdf::WavelengthRange> ranges = {
      {"FLAT4_G140M", -1, 0.7e-6, 1.27e-6}, {"F100LP_G140M", -1, 0.97e-6, 1.89e-6}, {"LINE2_G235M", -1, 1.65e-6, 3.2e-6}};
  nirspec::Setup setup = fixed_slits("FULL");
  setup.filter = "F100LP";
  setup.grating = "G140M";
  EXPECT_EQ(spectral_range(setup, ranges).low_m, 0.97e-6);
  setup.filter = "CLEAR";
  EXPECT_EQ(spectral_range(setup, ranges).low_m, 0.7e-6);
  setup.grating = "PRISM";
  EXPECT_EQ(spectral_range(setup, ranges).order, -1);
  EXPECT_EQ(spectral_range(setup, ranges).high_m, 5.3e-6);
  setup.exp_type = "NRS_LAMP";
  setup.lamp_state = "LINE2";
  setup.grating = "G235M";
  EXPECT_EQ(spectral_range(setup, ranges).low_m, 1.65e-6);
}

// correct_tilt: 0.5 (model(reading) - model(zero reading)) / 3600 degrees; x corrects theta_y and the other way round.
TEST(Disperser, TiltIsPutIn) {
  asdf::Disperser disperser;
  disperser.theta_x = 1.0;
  disperser.theta_y = 2.0;
  disperser.gwa_tiltx = {{0.25}, {10.0, 7200.0}, "arcsec"};
  disperser.gwa_tilty = {{0.5}, {0.0, -3600.0}, "arcsec"};
  nirspec::Setup setup;
  setup.gwa_x_tilt = 0.75;
  const asdf::Disperser tilted = correct_tilt(disperser, setup);
  EXPECT_DOUBLE_EQ(tilted.theta_y, 2.5);
  EXPECT_DOUBLE_EQ(tilted.theta_x, 1.0);
  setup.gwa_y_tilt = 1.0;
  EXPECT_DOUBLE_EQ(correct_tilt(disperser, setup).theta_x, 0.75);
}

TEST(Disperser, PrismNeedsItsTemperature) {
  nirspec::Setup setup;
  setup.grating = "PRISM";
  wcs::Arena arena;
  EXPECT_THAT(message_of([&] { wavelength_from_disperser(arena, {}, setup, 0); }, ErrorCause::data), HasSubstr("GWA_TILT"));
  setup.grating = "G140H";
  EXPECT_THAT(message_of([&] { wavelength_from_disperser(arena, {}, setup, 0); }, ErrorCause::reference),
              HasSubstr("groove density"));
}

TEST(References, MissingTypesAreNamed) {
  EXPECT_THAT(message_of([] { required({}, "camera"); }, ErrorCause::reference), HasSubstr("--override camera=FILE"));
}

TEST(Pointing, VelocityAberrationMustBePositive) {
  wcs::Arena arena;
  assign_wcs::Pointing pointing;
  EXPECT_EQ(arena.kind(velocity_aberration(arena, pointing)), wcs::Kind::identity);
  pointing.velocity_aberration_scale = -1.0;
  EXPECT_THAT(message_of([&] { velocity_aberration(arena, pointing); }, ErrorCause::data), HasSubstr("VA_SCALE"));
}

}  // namespace
}  // namespace spec2::assign_wcs::nirspec
