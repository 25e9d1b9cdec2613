// Every frame of 30 NIRSpec set-ups against jwst 3.0.0 (shared/wcs/nirspec_frames.fits.gz, described in its README).
#include <gtest/gtest.h>

#include <cmath>

#include "steps/assign_wcs/nirspec/read_exposure_setup.hpp"
#include "reference_files.hpp"
#include "table_file.hpp"
#include "wcs/mapper.hpp"

namespace spec2::assign_wcs::nirspec {
namespace {

using spec2::testing::Table;

Setup read_setup(const Table& config, std::size_t row) {
  Setup setup;
  setup.exp_type = config.text("mode", row);
  setup.detector = config.text("detector", row);
  setup.grating = config.text("grating", row);
  setup.filter = config.text("filter", row);
  setup.subarray = config.text("subarray", row);
  setup.subarray_x_start = static_cast<int>(config.number("xstart", row));
  setup.subarray_y_start = static_cast<int>(config.number("ystart", row));
  setup.gwa_x_tilt = config.number("gwa_xtil", row);
  setup.gwa_y_tilt = config.number("gwa_ytil", row);
  setup.gwa_temperature_k = config.number("gwa_tilt", row);
  setup.pointing.v2_ref_arcsec = config.number("v2_ref", row);
  setup.pointing.v3_ref_arcsec = config.number("v3_ref", row);
  setup.pointing.ra_ref_deg = config.number("ra_ref", row);
  setup.pointing.dec_ref_deg = config.number("dec_ref", row);
  setup.pointing.roll_ref_deg = config.number("roll_ref", row);
  setup.pointing.radial_velocity_m_s = config.number("velosys", row);
  setup.pointing.velocity_aberration_scale = config.number("va_scale", row);
  return setup;
}

std::optional<MsaConfiguration> read_msa(const Setup& setup) {
  if (setup.exp_type != "NRS_MSASPEC") return {};
  Metadata header(spec2::testing::shared_file("wcs/nirspec_frames_msa.fits"));  // the metafile is looked for beside it
  header.set("MSAMETFL", "nirspec_frames_msa.fits");
  header.set("MSAMETID", 1);
  header.set("PATT_NUM", 1);
  header.set("PROGRAM", "01234");
  return read_msa_configuration(header);
}

/// Largest deviations, each in its own measure.
struct Deviations {
  double relative = 0.0;  ///< of wavelengths and of positions in front of the sky, over max(|value|, scale)
  double degrees = 0.0;
  double pixels = 0.0;
  double box = 0.0;
};

struct FrameColumns {
  const char* frame;
  std::vector<const char*> columns;
};

const std::vector<FrameColumns> kFrames = {
    {"sca", {"sca_x", "sca_y"}},
    {"gwa", {"gwa_1", "gwa_2", "gwa_3"}},
    {"slit_frame", {"slit_x", "slit_y", "slit_lam"}},
    {"slicer", {"slicer_x", "slicer_y", "slicer_lam"}},
    {"msa_frame", {"msa_x", "msa_y", "msa_lam"}},
    {"oteip", {"ote_x", "ote_y", "ote_lam"}},
    {"oteip_chromcorr", {"otec_x", "otec_y", "otec_lam"}},
    {"v2v3", {"v2", "v3", "v_lam"}},
    {"v2v3vacorr", {"v2va", "v3va", "va_lam"}},
    {"world", {"ra", "dec", "lam"}},
};

double difference(double value, double truth, const std::string& where) {
  EXPECT_EQ(std::isnan(value), std::isnan(truth)) << where << ": " << value << " against " << truth;
  return std::isnan(value) || std::isnan(truth) ? 0.0 : std::abs(value - truth);
}

void compare_slit(const wcs::Arena& arena, const OpenSlit& slit, const std::string& unit, const Table& truth,
                  const std::vector<std::size_t>& rows, Deviations& worst) {
  wcs::Scratch scratch;
  for (const FrameColumns& expected : kFrames) {
    if (!wcs::has_frame(arena, slit.wcs, expected.frame)) continue;
    const bool world = std::string(expected.frame) == "world";
    const wcs::Mapper mapper =
        world ? wcs::Mapper::forward(arena, slit.wcs) : wcs::Mapper::between(arena, slit.wcs, "detector", expected.frame);
    ASSERT_EQ(mapper.outputs(), expected.columns.size()) << expected.frame;
    for (const std::size_t row : rows) {
      const auto found = mapper.point(scratch, {truth.number("x", row), truth.number("y", row)});
      for (std::size_t i = 0; i < expected.columns.size(); ++i) {
        const double value = truth.number(expected.columns[i], row);
        const std::string where = unit + " " + expected.columns[i] + " row " + std::to_string(row);
        double off = difference(found[i], value, where);
        if (world && i < 2) {
          if (i == 0 && off > 180.0) off = 360.0 - off;
          worst.degrees = std::max(worst.degrees, i == 0 ? off * std::cos(truth.number("dec", row) * M_PI / 180.0) : off);
        } else {
          // Positions cross zero: they are measured against the size of the slit (1), of the MSA (1 cm), ...
          const bool wavelength = std::string(expected.columns[i]).ends_with("lam");
          const double scale = wavelength                                                                              ? 0.0
                               : std::string(expected.frame) == "msa_frame" || std::string(expected.frame) == "slicer" ? 1e-2
                               : std::string(expected.frame).starts_with("oteip")                                      ? 1e-2
                                                                                                                       : 1.0;
          if (!std::isnan(value)) worst.relative = std::max(worst.relative, off / std::max(std::abs(value), scale));
        }
      }
    }
  }
  const wcs::Mapper back = wcs::Mapper::inverse(arena, slit.wcs);
  for (const std::size_t row : rows) {
    if (std::isnan(truth.number("ra", row))) continue;
    const auto found = back.point(scratch, {truth.number("ra", row), truth.number("dec", row), truth.number("lam", row)});
    for (int i = 0; i < 2; ++i) {
      const double value = truth.number(i == 0 ? "inv_x" : "inv_y", row);
      worst.pixels = std::max(
          worst.pixels, difference(found[static_cast<std::size_t>(i)], value, unit + " inverse row " + std::to_string(row)));
    }
  }
}

std::string unit_of(const OpenSlit& slit) {
  return slit.description.is_slice ? std::to_string(slit.description.slit_id) : slit.description.name;
}

class NirspecFrames : public ::testing::TestWithParam<int> {};

TEST_P(NirspecFrames, AgreeWithThePeer) {
  const std::string path = spec2::testing::shared_file("wcs/nirspec_frames.fits.gz");
  if (path.empty()) GTEST_SKIP() << "the shared folder with nirspec_frames.fits.gz is not there";
  static const Table config = spec2::testing::read_table(path, "CONFIG");
  static const Table frames = spec2::testing::read_table(path, "FRAMES");
  static const Table boxes = spec2::testing::read_table(path, "BBOX");
  const auto row = static_cast<std::size_t>(GetParam());
  const double number = config.number("config", row);
  const nirspec::Setup setup = read_setup(config, row);
  wcs::Arena arena;
  const ExposureWcs exposure = build_wcs(arena, spec2::testing::nirspec_references(setup), setup, read_msa(setup));
  arena.freeze();

  std::map<std::string, std::vector<std::size_t>> rows_of;
  for (std::size_t i = 0; i < frames.rows; ++i) {
    if (frames.number("config", i) == number) rows_of[frames.text("unit", i)].push_back(i);
  }
  Deviations worst;
  std::size_t compared = 0, boxes_compared = 0;
  for (const OpenSlit& slit : exposure.slits) {
    const std::string unit = unit_of(slit);
    for (std::size_t i = 0; i < boxes.rows; ++i) {
      if (boxes.number("config", i) != number || boxes.text("unit", i) != unit) continue;
      ++boxes_compared;
      const double expected[] = {boxes.number("x_low", i), boxes.number("x_high", i), boxes.number("y_low", i),
                                 boxes.number("y_high", i)};
      const wcs::BoundingBox& box = slit.wcs.bounding_box;
      const double found[] = {box.low[0], box.high[0], box.low[1], box.high[1]};
      for (int k = 0; k < 4; ++k) worst.box = std::max(worst.box, difference(found[k], expected[k], unit + " box"));
    }
    const auto rows = rows_of.find(unit);
    if (rows == rows_of.end()) continue;
    compare_slit(arena, slit, unit, frames, rows->second, worst);
    ++compared;
  }
  EXPECT_EQ(compared, rows_of.size());
  std::size_t expected_boxes = 0;
  for (std::size_t i = 0; i < boxes.rows; ++i) expected_boxes += boxes.number("config", i) == number;
  EXPECT_EQ(boxes_compared, expected_boxes);
  EXPECT_EQ(exposure.slits.size(), expected_boxes);
  EXPECT_LT(worst.relative, 1e-9);
  EXPECT_LT(worst.degrees, 1e-9);
  EXPECT_LT(worst.pixels, 1e-6);
  EXPECT_LT(worst.box, 1e-6);
  RecordProperty("worst", fmt::format("{} {:.1e} relative, {:.1e} deg, {:.1e} pixel, box {:.1e}", setup.exp_type, worst.relative,
                                      worst.degrees, worst.pixels, worst.box));
  fmt::print(
      "{} {} {}: {} slits, worst {:.1e} relative, {:.1e} deg, {:.1e} pixel (inverse), {:.1e} pixel (box); arena {} records, {} "
      "kB\n",
      setup.exp_type, setup.detector, setup.grating, compared, worst.relative, worst.degrees, worst.pixels, worst.box,
      arena.size(), arena.bytes() / 1000);
}

INSTANTIATE_TEST_SUITE_P(AllSetups, NirspecFrames, ::testing::Range(0, 30));

}  // namespace
}  // namespace spec2::assign_wcs::nirspec
