#include "steps/bkg_subtract/bkg_subtract_step.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "datamodels/io/product_file.hpp"
#include "tests/unit/datamodels/io/scratch_folder.hpp"
#include "tests/unit/steps/formula.hpp"
#include "tests/unit/steps/no_references.hpp"

namespace spec2 {
namespace {

constexpr std::size_t kRows = 40, kColumns = 64;

/// What is saved beside the result.
class KeptMean final : public SideProducts {
 public:
  void write(const Exposure& exposure, std::string_view) override {
    sci.assign(exposure.planes.sci.begin(), exposure.planes.sci.end());
    err.assign(exposure.planes.err.begin(), exposure.planes.err.end());
  }
  std::vector<float> sci, err;
};

struct Outcome {
  std::vector<float> sci, mean, mean_error;
  std::vector<std::uint32_t> dq;
  std::size_t peak;
  bool operator==(const Outcome& other) const {
    return sci == other.sci && dq == other.dq && mean == other.mean && mean_error == other.mean_error;
  }
};

class BkgSubtractStepTest : public testing::Test {
 protected:
  /// A background image of `rows` rows that begins at row `first` of the detector. Without `has_all` ERR and DQ are missing.
  void write_background(const std::string& name, std::size_t first, std::size_t rows, bool has_all = true) {
    const std::size_t shape[] = {rows, kColumns};
    io::ProductFile file = io::ProductFile::create(folder_ / name);
    const io::Card primary[] = {{"INSTRUME", std::string("NIRSPEC"), ""}, {"GWA_XTIL", 0.35, ""}, {"GWA_YTIL", 0.13, ""},
                                {"SUBSTRT1", std::int64_t{1}, ""}, {"SUBSTRT2", static_cast<std::int64_t>(first) + 1, ""}};
    file.write_primary(primary);
    const std::vector<float> sci = test::scattered_floats(rows * kColumns, 5, 1, 1000 * paths_.size() + 1);
    file.write_image("SCI", 1, shape, std::span<const float>(sci), {});
    if (has_all) {
      const std::vector<float> err = test::scattered_floats(rows * kColumns, 0.5, 0.1, 1000 * paths_.size() + 7);
      std::vector<std::uint32_t> dq(rows * kColumns, 0u);
      dq[rows * kColumns / 2] = 4;
      file.write_image("ERR", 1, shape, std::span<const float>(err), {});
      file.write_image("DQ", 1, shape, std::span<const std::uint32_t>(dq), {});
    }
    file.finish();
    file.commit();
    paths_.push_back(folder_ / name);
  }

  /// The image that begins at row 100 of the detector, all pixels 7.
  static Exposure science(Account& account) {
    Exposure image;
    image.meta.set("INSTRUME", "NIRSPEC");
    image.meta.set("GWA_XTIL", 0.35);
    image.meta.set("GWA_YTIL", 0.13);
    image.meta.set("SUBSTRT1", 1);
    image.meta.set("SUBSTRT2", 101);
    image.planes.sci = make_plane<float>(account, {1, kRows, kColumns}, "SCI");
    std::fill(image.planes.sci.begin(), image.planes.sci.end(), 7.0f);
    image.planes.dq = make_plane<std::uint32_t>(account, {1, kRows, kColumns}, "DQ");
    return image;
  }

  Outcome run(bool by_rows, std::size_t threads) {
    Account account("test");
    std::vector<Exposure> backgrounds;
    std::vector<io::ExposureFile> files;
    for (const auto& path : paths_) {
      if (by_rows) backgrounds.push_back(files.emplace_back(path).exposure());
      else backgrounds.push_back(io::read_exposure(path, account));
    }
    Account step_account("step", account);
    const Parallel parallel(threads);
    KeptMean kept;
    StepContext context{step_account, Log(), parallel, cancel_, references_, kept, backgrounds};
    context.background_files = files;
    const StepResult result = BkgSubtractStep({.save_combined_background = true}).run(science(account), context);
    EXPECT_EQ(result.status, StepStatus::complete);
    const Planes& planes = result.exposure.planes;
    return {{planes.sci.begin(), planes.sci.end()}, kept.sci, kept.err, {planes.dq.begin(), planes.dq.end()},
            step_account.peak_bytes()};
  }

  test::ScratchFolder folder_;
  std::vector<std::filesystem::path> paths_;
  CancelToken cancel_;
  test::NoReferences references_;
};

TEST_F(BkgSubtractStepTest, BackgroundsReadByRowsGiveTheSameAsHeldOnes) {
  write_background("a.fits", 100, kRows);
  write_background("b.fits", 90, kRows);           // shares its last 30 rows
  write_background("c.fits", 100, kRows, false);   // zeros for errors
  const Outcome held = run(false, 1);
  EXPECT_NE(held.sci, std::vector<float>(kRows * kColumns, 7.0f));
  EXPECT_EQ(std::ranges::count(held.dq, 4u), 2);
  for (const std::size_t threads : {1u, 3u}) EXPECT_EQ(run(true, threads), held) << threads;
}

TEST_F(BkgSubtractStepTest, ByRowsTheMemoryIsThatOfTheEstimateForAnyNumberOfThem) {
  for (int n = 0; n < 12; ++n) write_background("background" + std::to_string(n) + ".fits", 100, kRows);
  ExposureShape shape;
  shape.image = {1, kRows, kColumns};
  shape.backgrounds = paths_.size();
  shape.backgrounds_by_rows = true;
  const BkgSubtractStep step({.save_combined_background = true});
  EXPECT_EQ(run(true, 1).peak, step.estimate(shape).scratch);
  shape.backgrounds = 1000;
  EXPECT_LE(step.estimate(shape).scratch, std::size_t{2} << 20);
}

TEST_F(BkgSubtractStepTest, AFileThatEndsEarlyIsAnErrorThatNamesIt) {
  write_background("a.fits", 100, kRows);
  std::vector<io::ExposureFile> files;
  std::vector<Exposure> backgrounds;
  backgrounds.push_back(files.emplace_back(paths_[0]).exposure());
  std::filesystem::resize_file(paths_[0], 3 * 2880);  // someone writes it anew
  Account account("test");
  KeptMean kept;
  const Parallel parallel(2);
  StepContext context{account, Log(), parallel, cancel_, references_, kept, backgrounds};
  context.background_files = files;
  try {
    BkgSubtractStep({}).run(science(account), context);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), ErrorCause::data);
    EXPECT_NE(std::string(error.what()).find("a.fits"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace spec2
