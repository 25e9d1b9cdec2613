#include <gtest/gtest.h>

#include <filesystem>

#include "tests/integration/sample_case.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;

const fs::path kShared = SPEC2_SHARED_DIR;

/// A complete run of the case nirspec_fs_g395m with one configuration file.
class Configuration : public ::testing::TestWithParam<const char*> {};

TEST_P(Configuration, Runs) {
  const fs::path folder = kShared / "cases/nirspec_fs_g395m";
  if (!fs::exists(folder)) GTEST_SKIP() << "no folder " << folder << " with the case";
  const UnpackedCase unpacked(folder);
  const fs::path products = unpacked.folder() / "products";
  const ProgramResult result = run_program({SPEC2_PROGRAM, "run", unpacked.asn().string(), "--cfg",
                                            (kShared / GetParam()).string(), "--output-dir", products.string()},
                                           {"CRDS_PATH=" + (kShared / "crds").string(), "CRDS_CONTEXT=jwst_9001.pmap"});
  EXPECT_EQ(result.exit_code, 0) << result.output << result.errors;
  EXPECT_TRUE(fs::exists(products / "jw09001001001_02101_00001_nrs1_x1d.fits"));
}

// The realistic files of 2017, and what the cache has today.
INSTANTIATE_TEST_SUITE_P(Real, Configuration,
                         ::testing::Values("parameters/cfg/real2017/calwebb_spec2.cfg",
                                           "parameters/cfg/real2017/calwebb_spec2_nirspec.cfg",
                                           "parameters/cfg/real2017/calwebb_spec2_mrs.cfg",
                                           "crds/references/jwst/nirspec/jwst_nirspec_pars-spec2pipeline_9002.asdf",
                                           "crds/references/jwst/nirspec/jwst_nirspec_pars-spec2pipeline_9012.asdf"));

}  // namespace
}  // namespace spec2::test
