#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/sample_case.hpp"
#include "tests/regression/compare_products.hpp"

namespace spec2::test {
namespace {

using ::testing::IsEmpty;

/// The products of jwst 3.0.0 for the sample, made by `strun calwebb_spec2 asn.json`. rtol 1e-5 is the parity the project
/// promises: float32 planes hold about 6e-8, the sums of resampling some ten times that.
TEST(Sample, ProductsAgreeWithThePeer) {
  const SampleCase sample;
  const ProgramResult result = sample.run();
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  for (const char* suffix : {"cal", "s2d", "x1d"}) {
    const std::string name = std::string(SampleCase::kProduct) + "_" + suffix + ".fits";
    EXPECT_THAT(product_differences(sample.output() / name, SampleCase::golden() / name, 1e-5), IsEmpty()) << name;
  }
}

TEST(Sample, TheComparisonSeesAChangedProduct) {
  const auto cal = SampleCase::golden() / (std::string(SampleCase::kProduct) + "_cal.fits");
  const auto s2d = SampleCase::golden() / (std::string(SampleCase::kProduct) + "_s2d.fits");
  EXPECT_THAT(product_differences(cal, cal, 1e-5), IsEmpty());
  EXPECT_THAT(product_differences(s2d, cal, 1e-5), testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace spec2::test
