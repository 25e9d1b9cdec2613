#include "pipeline/html/dq_summary.hpp"

#include <gmock/gmock.h>

#include "tests/unit/datamodels/io/scratch_folder.hpp"
#include "tests/unit/pipeline/html/small_products.hpp"

namespace spec2::pipeline::html {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(DqCounts, EachFlagOfEachPixelIsCounted) {
  const test::ScratchFolder scratch;
  // More than are read at once; the last value has the last bit.
  std::vector<std::uint32_t> dq(90000, 0);
  dq[0] = 1;
  dq[1] = 1 | 4;
  dq.back() = 1U << 31 | 1;
  const std::vector<std::size_t> shape = {300, 300};
  test::write_image_product(scratch / "a_cal.fits", "S1600A1", shape, std::vector<float>(dq.size()), dq);
  io::FitsFile file = io::FitsFile::open(scratch / "a_cal.fits");
  const std::vector<DqCounts> counts = dq_counts(file);
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0].label, "S1600A1");
  EXPECT_EQ(counts[0].pixels, 90000U);
  EXPECT_EQ(counts[0].good, 89997U);
  EXPECT_EQ(counts[0].flagged[0], 3U);
  EXPECT_EQ(counts[0].flagged[2], 1U);
  EXPECT_EQ(counts[0].flagged[31], 1U);
}

TEST(DqTable, NamesFlagsThatOccur) {
  DqCounts plane{.label = "<S>", .pixels = 1000, .good = 999};
  plane.flagged[0] = 1;
  const std::string table = dq_table({plane, plane});
  EXPECT_THAT(table, HasSubstr("<td>DO_NOT_USE</td><td>0</td><td>2</td><td>0.10</td>"));
  EXPECT_THAT(table, HasSubstr("<th>&lt;S&gt; %</th>"));
  EXPECT_THAT(table, Not(HasSubstr("SATURATED")));
}

}  // namespace
}  // namespace spec2::pipeline::html
