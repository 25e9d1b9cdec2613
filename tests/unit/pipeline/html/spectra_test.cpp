#include "pipeline/html/spectra.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/unit/datamodels/io/scratch_folder.hpp"
#include "tests/unit/pipeline/html/small_products.hpp"

namespace spec2::pipeline::html {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using test::ScratchFolder;

TEST(SpectrumCharts, OneOfEachTableOfX1d) {
  const ScratchFolder scratch;
  const test::SpectrumRow rows[] = {{1.0, 10.0, 0.1}, {std::nan(""), 1.0, 1.0}, {1.5, std::nan(""), 0.2}};
  test::write_spectrum(scratch / "a_x1d.fits", "S200A2", rows);
  io::FitsFile file = io::FitsFile::open(scratch / "a_x1d.fits");
  const std::vector<Chart> charts = spectrum_charts(file, 10);
  ASSERT_EQ(charts.size(), 1U);
  EXPECT_EQ(charts[0].title, "S200A2");
  EXPECT_EQ(charts[0].x_label, "wavelength [um]");
  EXPECT_EQ(charts[0].y_label, "flux [Jy]");
  EXPECT_THAT(charts[0].x, ElementsAre(1.0, 1.5));
  EXPECT_EQ(charts[0].curves[0].values[0], 10.0);
  EXPECT_TRUE(std::isnan(charts[0].curves[0].values[1]));
  EXPECT_THAT(charts[0].curves[0].errors, ElementsAre(0.1, 0.2));
  EXPECT_THAT(spectrum_charts(file, 0), IsEmpty());
}

/// 20 integrations with 3 wavelengths; the flux of integration i is i at each, but the last wavelength is flagged.
void write_integrations(const std::filesystem::path& path) {
  io::ProductFile file = io::ProductFile::create(path);
  file.write_primary({});
  using Form = io::ColumnForm;
  const Form forms[] = {{"INT_NUM", "", Form::Type::integer32, 1}, {"WAVELENGTH", "um", Form::Type::real64, 3},
                        {"FLUX", "Jy", Form::Type::real64, 3},     {"FLUX_ERROR", "Jy", Form::Type::real64, 3},
                        {"DQ", "", Form::Type::unsigned32, 3},     {"TDB-MID", "d", Form::Type::real64, 1}};
  const auto table = file.begin_table("EXTRACT1D", 1, 20, forms, {});
  io::TableRows rows;
  for (int i = 0; i < 20; ++i) {
    rows.put_integer(i + 1);
    for (int k = 0; k < 3; ++k) rows.put_real(1.0 + k);
    for (int k = 0; k < 3; ++k) rows.put_real(i);
    for (int k = 0; k < 3; ++k) rows.put_real(k == 0 ? 3.0 : 4.0);
    for (int k = 0; k < 3; ++k) rows.put_unsigned(k == 2 ? 1 : 0);
    rows.put_real(60000.0 + i / 1440.0);
  }
  file.write_rows(table, 0, rows.bytes());
  file.finish();
  file.commit();
}

TEST(SpectrumCharts, SeriesHaveALightCurveAndTheMedian) {
  const ScratchFolder scratch;
  write_integrations(scratch / "a_x1dints.fits");
  io::FitsFile file = io::FitsFile::open(scratch / "a_x1dints.fits");
  const std::vector<Chart> charts = spectrum_charts(file, 10);
  ASSERT_EQ(charts.size(), 2U);
  const Chart& light = charts[0];
  EXPECT_EQ(light.x_label, "minutes after TDB-MID 60000.000000");
  ASSERT_EQ(light.x.size(), 20U);
  EXPECT_NEAR(light.x[19], 19.0, 1e-6);
  EXPECT_EQ(light.curves[0].values[19], 38.0);   // two good wavelengths
  EXPECT_EQ(light.curves[0].errors[0], 5.0);     // 3 and 4 in quadrature
  const Chart& spectra = charts[1];
  EXPECT_THAT(spectra.x, ElementsAre(1, 2, 3));
  ASSERT_EQ(spectra.curves.size(), 4U);
  EXPECT_EQ(spectra.curves[0].label, "median of 20");
  EXPECT_THAT(spectra.curves[0].values, ElementsAre(9.5, 9.5, 9.5));
  EXPECT_THAT(spectra.curves[0].errors, ElementsAre(3, 4, 4));
  EXPECT_EQ(spectra.curves[1].label, "integration 1");
  EXPECT_EQ(spectra.curves[2].label, "integration 10");
  EXPECT_EQ(spectra.curves[3].label, "integration 20");
  EXPECT_THAT(spectra.curves[3].values, ElementsAre(19, 19, 19));
}

}  // namespace
}  // namespace spec2::pipeline::html
