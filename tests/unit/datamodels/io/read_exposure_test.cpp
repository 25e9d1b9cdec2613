#include "datamodels/io/read_exposure.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <numeric>

#include "datamodels/io/product_file.hpp"
#include "datamodels/schema/keyword_table.hpp"
#include "raw_fits.hpp"
#include "scratch_folder.hpp"

namespace spec2::io {
namespace {

using test::ScratchFolder;
using ::testing::AllOf;
using ::testing::HasSubstr;

const std::vector<std::size_t> kCube = {3, 2, 4};

std::string refusal(const std::function<void()>& action, ErrorCause cause = ErrorCause::data) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), cause);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

std::vector<float> rising(std::size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), 0.0f);
  return values;
}

void write_rateints(const std::filesystem::path& path) {
  ProductFile file = ProductFile::create(path);
  const Card primary[] = {{"EXP_TYPE", std::string("NRS_BRIGHTOBJ"), ""}};
  const Card sci[] = {{"BUNIT", std::string("DN/s"), ""}, {"ROLL_REF", 12.25, ""}, {"STRANGE", std::int64_t{1}, ""}};
  const Card err[] = {{"BUNIT", std::string("DN/s"), ""}};
  file.write_primary(primary);
  file.write_image("SCI", 1, kCube, std::span<const float>(rising(24)), sci);
  file.write_image("ERR", 1, kCube, std::span<const float>(rising(24)), err);
  const std::vector<std::uint32_t> flags(24, 1u << 31);
  file.write_image("DQ", 1, kCube, std::span<const std::uint32_t>(flags), {});
  const ColumnForm forms[] = {{"integration_number", "", ColumnForm::Type::integer32, 1},
                              {"int_start_MJD_UTC"},
                              {"int_mid_MJD_UTC"},
                              {"int_end_MJD_UTC"},
                              {"int_start_BJD_TDB"},
                              {"int_mid_BJD_TDB"},
                              {"int_end_BJD_TDB"}};
  TableRows rows;
  for (int i = 1; i <= 3; ++i) {
    rows.put_integer(i);
    for (int column = 0; column < 6; ++column) rows.put_real(60000.0 + i + 0.1 * column);
  }
  const auto table = file.begin_table("INT_TIMES", 1, 3, forms, {});
  file.write_rows(table, 0, rows.bytes());
  file.finish();
  file.commit();
}

TEST(ReadExposure, HeaderComesWithoutPixels) {
  const ScratchFolder folder;
  write_rateints(folder / "a.fits");
  const ExposureHeader header = read_header(folder / "a.fits");
  EXPECT_EQ(header.kind, ModelKind::cube);
  EXPECT_EQ(header.shape, (PlaneShape{3, 2, 4}));
  EXPECT_EQ(header.meta.text("EXP_TYPE"), "NRS_BRIGHTOBJ");
  EXPECT_EQ(header.meta.real("ROLL_REF"), 12.25);
  EXPECT_EQ(header.meta.text(kErrorUnit), "DN/s");
  EXPECT_FALSE(header.meta.has("STRANGE"));
}

TEST(ReadExposure, PlanesAndTimes) {
  const ScratchFolder folder;
  write_rateints(folder / "a.fits");
  Account account("test");
  {
    const Exposure exposure = read_exposure(folder / "a.fits", account);
    EXPECT_EQ(exposure.data_axes, 3);
    EXPECT_EQ(exposure.planes.sci(2, 1, 3), 23.0f);
    EXPECT_EQ(exposure.planes.dq(0, 0, 0), 1u << 31);
    EXPECT_FALSE(exposure.planes.has(PlaneKind::var_poisson));
    EXPECT_EQ(account.live_bytes(), 3 * 24 * 4u);
    ASSERT_EQ(exposure.integration_times.size(), 3u);
    EXPECT_EQ(exposure.integration_times.number[2], 3);
    EXPECT_DOUBLE_EQ(exposure.integration_times.days[5][1], 60002.5);
  }
  EXPECT_EQ(account.live_bytes(), 0u);
}

TEST(ReadExposure, SomeIntegrationsOfSomePlanes) {
  const ScratchFolder folder;
  write_rateints(folder / "a.fits");
  Account account("test");
  Exposure exposure;
  const PlaneKind kinds[] = {PlaneKind::sci};
  read_planes(folder / "a.fits", exposure, kinds, account, 1, 1);
  EXPECT_EQ(exposure.planes.shape(), (PlaneShape{1, 2, 4}));
  EXPECT_EQ(exposure.planes.sci(0, 0, 0), 8.0f);
  EXPECT_FALSE(exposure.planes.has(PlaneKind::dq));
  Exposure last;
  read_planes(folder / "a.fits", last, kinds, account, 2, 100);
  EXPECT_EQ(last.planes.shape().integrations, 1u);
}

TEST(ReadExposure, MissingFlagsAndErrorsAreZero) {
  const ScratchFolder folder;
  std::string bytes = test::primary_header();
  test::append_image(bytes, "SCI", -32, {4, 2}, 32);
  test::save(folder / "a.fits", bytes);
  Account account("test");
  const Exposure exposure = read_exposure(folder / "a.fits", account);
  EXPECT_EQ(exposure.kind, ModelKind::image);
  EXPECT_EQ(exposure.planes.dq(0, 1, 3), 0u);
  EXPECT_EQ(exposure.planes.err(0, 1, 3), 0.0f);
}

TEST(ReadExposure, DamagedPlanesAreNamed) {
  const ScratchFolder folder;
  Account account("test");
  const auto read = [&] { read_exposure(folder / "a.fits", account); };
  const auto with_second = [&](const std::string& name, int bitpix, std::vector<std::int64_t> axes) {
    std::string bytes = test::primary_header();
    test::append_image(bytes, "SCI", -32, {4, 2}, 32);
    test::append_image(bytes, name, bitpix, axes, 64);
    test::save(folder / "a.fits", bytes);
  };
  with_second("DQ", 32, {2, 4});
  EXPECT_THAT(refusal(read),
              AllOf(HasSubstr("plane DQ has another shape than SCI"), HasSubstr("HDU DQ,1"), HasSubstr("keyword NAXIS")));
  with_second("DQ", -32, {4, 2});
  EXPECT_THAT(refusal(read), AllOf(HasSubstr("the flags of the DQ plane are real numbers"), HasSubstr("keyword BITPIX")));
  EXPECT_EQ(account.live_bytes(), 0u);
}

TEST(ReadExposure, ImageWithoutPixelsIsRefused) {
  const ScratchFolder folder;
  Account account("test");
  const auto with_shape = [&](std::vector<std::int64_t> axes) {
    std::string bytes = test::primary_header();
    test::append_image(bytes, "SCI", -32, axes, 0);
    test::save(folder / "a.fits", bytes);
  };
  with_shape({});
  EXPECT_THAT(refusal([&] { read_header(folder / "a.fits"); }), HasSubstr("the image has 0 axes; 2 or 3 are needed"));
  with_shape({0, 2});
  EXPECT_THAT(refusal([&] { read_header(folder / "a.fits"); }),
              AllOf(HasSubstr("the image has no pixels"), HasSubstr("keyword NAXIS")));
  test::save(folder / "a.fits", test::primary_header());
  EXPECT_THAT(refusal([&] { read_header(folder / "a.fits"); }), HasSubstr("there is no HDU SCI,1"));
}

TEST(ReadExposure, FilesThatStayOpenGiveRows) {
  const ScratchFolder folder;
  const std::size_t shape[] = {3, 4};
  for (const char* const name : {"a.fits", "b.fits"}) {
    ProductFile file = ProductFile::create(folder / name);
    const Card primary[] = {{"TARGNAME", std::string(name), ""}};
    file.write_primary(primary);
    file.write_image("SCI", 1, shape, std::span<const float>(rising(12)), {});
    file.finish();
    file.commit();
  }
  Account account("test");
  std::vector<Exposure> exposures(2);
  std::vector<ExposureFile> files;
  ReadingAhead reading({{.path = folder / "a.fits", .exposure = exposures[0], .kinds = {}, .stays_open = &files},
                        {.path = folder / "b.fits", .exposure = exposures[1], .kinds = {}, .stays_open = &files}},
                       account, Parallel(2));
  reading.finish();
  reading.finish();  // once more changes nothing
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(account.live_bytes(), 0u);
  EXPECT_EQ(exposures[1].meta.text("TARGNAME"), "b.fits");
  EXPECT_EQ(files[1].header().meta.text("TARGNAME"), "b.fits");
  EXPECT_EQ(files[0].shape(), (PlaneShape{1, 3, 4}));
  std::vector<float> values(8);
  files[0].read_rows(PlaneKind::sci, 1, std::span(values));
  EXPECT_EQ(values, (std::vector<float>{4, 5, 6, 7, 8, 9, 10, 11}));
  files[0].read_rows(PlaneKind::err, 1, std::span(values));
  EXPECT_EQ(values, std::vector<float>(8));
  std::vector<std::uint32_t> flags(4, 7u);
  files[0].read_rows(PlaneKind::dq, 2, std::span(flags));
  EXPECT_EQ(flags, std::vector<std::uint32_t>(4));
  EXPECT_THAT(refusal([&] { files[0].read_rows(PlaneKind::sci, 2, std::span(values)); }), HasSubstr("SCI,1"));
}

TEST(ReadExposure, BudgetIsAskedBeforeReading) {
  const ScratchFolder folder;
  write_rateints(folder / "a.fits");
  Account account("test", 150);
  EXPECT_THAT(refusal([&] { read_exposure(folder / "a.fits", account); }, ErrorCause::budget), HasSubstr("DQ"));
  EXPECT_EQ(account.live_bytes(), 0u);
}

}  // namespace
}  // namespace spec2::io
