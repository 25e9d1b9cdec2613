// Slitlet 138 of a public CEERS exposure (jw01345, PRISM), processed by the observatory with its own reference files: the
// wavelengths agree within 0.3 Angstrom and the sky within 0.4 mas (shared/real/nirspec_mos_onsky says why not better).
#include <gtest/gtest.h>

#include <cmath>

#include "reference_files.hpp"
#include "steps/assign_wcs/nirspec/build.hpp"
#include "table_file.hpp"
#include "wcs/mapper.hpp"

namespace spec2::assign_wcs::nirspec {
namespace {

using spec2::testing::Image;

nirspec::Setup read_header(const std::string& path) {
  const auto primary = [&](const char* keyword) { return spec2::testing::read_number(path, "", keyword); };
  const auto sci = [&](const char* keyword) { return spec2::testing::read_number(path, "WAVELENGTH", keyword); };
  nirspec::Setup setup;
  setup.exp_type = "NRS_MSASPEC";
  setup.detector = "NRS2";
  setup.grating = "PRISM";
  setup.filter = "CLEAR";
  setup.subarray = "FULL";
  setup.gwa_x_tilt = primary("GWA_XTIL");
  setup.gwa_y_tilt = primary("GWA_YTIL");
  setup.gwa_temperature_k = primary("GWA_TILT");
  setup.pointing = {sci("V2_REF"),  sci("V3_REF"),   sci("ROLL_REF"), sci("RA_REF"),
                    sci("DEC_REF"), sci("VA_SCALE"), sci("VELOSYS")};
  return setup;
}

// The open shutters in the column of the one named in the header, where SHUTSTA ("1x1", "11x") has them.
MsaConfiguration slitlet(const std::string& path) {
  const auto shutter = static_cast<std::int64_t>(spec2::testing::read_number(path, "WAVELENGTH", "SHUTTRID"));
  MsaConfiguration msa;
  msa.selection = {"1345", 1, 1};
  const std::int64_t row = (shutter - 1) % 365 + 1, column = (shutter - 1) / 365 + 1;
  const std::string state = spec2::testing::read_text(path, "WAVELENGTH", "SHUTSTA");
  for (std::size_t i = 0; i < state.size(); ++i) {
    const std::int64_t offset = static_cast<std::int64_t>(i) - static_cast<std::int64_t>(state.find('x'));
    ShutterRow open;
    open.slitlet_id = 138;
    open.msa_metadata_id = 1;
    open.quadrant = static_cast<int>(spec2::testing::read_number(path, "WAVELENGTH", "QUADRANT"));
    open.row = row;
    open.column = column + offset;
    open.source_id = 933;
    open.background = offset != 0;
    open.source_x = open.source_y = 0.5;
    open.dither_point = 1;
    open.primary_source = offset == 0;
    msa.metafile.shutters.push_back(open);
  }
  return msa;
}

class NirspecOnSky : public ::testing::TestWithParam<int> {};

TEST_P(NirspecOnSky, WavelengthsAndPositions) {
  const std::string path = spec2::testing::shared_file(
      fmt::format("real/nirspec_mos_onsky/jw01345062001_03101_0000{}_nrs2_slit138.fits.gz", GetParam()));
  if (path.empty()) GTEST_SKIP() << "the shared folder with the on-sky slitlet is not there";
  const nirspec::Setup setup = read_header(path);
  wcs::Arena arena;
  const ExposureWcs exposure = build_wcs(arena, spec2::testing::nirspec_references(setup), setup, slitlet(path));
  ASSERT_EQ(exposure.slits.size(), 1u);
  EXPECT_EQ(exposure.slits[0].description.shutter_state, spec2::testing::read_text(path, "WAVELENGTH", "SHUTSTA"));
  const Image ra = spec2::testing::read_image(path, "RA"), dec = spec2::testing::read_image(path, "DEC");
  const Image lam = spec2::testing::read_image(path, "LAM_WCS");
  const double x0 = spec2::testing::read_number(path, "WAVELENGTH", "SLTSTRT1") - 1;
  const double y0 = spec2::testing::read_number(path, "WAVELENGTH", "SLTSTRT2") - 1;
  const wcs::Mapper mapper = wcs::Mapper::between(arena, exposure.slits[0].wcs, "detector", "world");
  wcs::Scratch scratch;
  std::size_t common = 0;
  double worst_angstrom = 0.0, worst_mas = 0.0;
  for (std::size_t row = 0; row < lam.rows; ++row) {
    for (std::size_t column = 0; column < lam.columns; ++column) {
      const std::size_t i = row * lam.columns + column;
      const auto found = mapper.point(scratch, {x0 + static_cast<double>(column), y0 + static_cast<double>(row)});
      if (std::isnan(lam.values[i]) || std::isnan(found[2])) continue;
      ++common;
      const double to_mas = 3.6e6, cosine = std::cos(dec.values[i] * M_PI / 180.0);
      worst_angstrom = std::max(worst_angstrom, std::abs(found[2] - lam.values[i]) * 1e4);
      worst_mas =
          std::max({worst_mas, std::abs(found[0] - ra.values[i]) * cosine * to_mas, std::abs(found[1] - dec.values[i]) * to_mas});
    }
  }
  EXPECT_GT(common, 6000u);
  EXPECT_LT(worst_angstrom, 0.3);
  EXPECT_LT(worst_mas, 0.4);
  fmt::print("{} pixels, worst {:.3f} Angstrom, {:.3f} mas\n", common, worst_angstrom, worst_mas);
}

INSTANTIATE_TEST_SUITE_P(Nods, NirspecOnSky, ::testing::Values(1, 2, 3));

}  // namespace
}  // namespace spec2::assign_wcs::nirspec
