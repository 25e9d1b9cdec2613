#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "tests/integration/sample_case.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;

/// The complete cases with the peer's results after every step, compared by their own script (rtol 1e-5, DQ and NaN exact).
class Case : public ::testing::TestWithParam<const char*> {};

std::string python() {
  const char* const chosen = std::getenv("SPEC2_PYTHON");
  return chosen ? chosen : "/usr/bin/python3";
}

TEST_P(Case, AgreesWithThePeerAfterEveryStep) {
  const fs::path shared = SPEC2_SHARED_DIR;
  const fs::path folder = shared / "cases" / GetParam();
  if (!fs::exists(folder)) {
    GTEST_SKIP() << "no folder " << folder << " with the cases; the sample in data/ is tested all the same";
  }
  if (run_program({python(), "-c", "import numpy, astropy"}).exit_code != 0) {
    FAIL() << python() << " has no astropy: install python3-astropy, or name a Python that has it in SPEC2_PYTHON";
  }
  const ProgramResult result = run_program({python(), (shared / "tools/check_case.py").string(), folder.string(), "--spec2",
                                            SPEC2_PROGRAM, "--steps", "--summary", "--", "--quiet"});
  EXPECT_EQ(result.exit_code, 0) << result.output << result.errors;
}

INSTANTIATE_TEST_SUITE_P(Nirspec, Case,
                         ::testing::Values("nirspec_fs_g395m", "nirspec_fs_prism_b1", "nirspec_fs_g235m_options",
                                           "nirspec_fs_lamp", "nirspec_fs_nodata", "nirspec_bots_prism"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace spec2::test
