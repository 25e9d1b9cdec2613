#include "wcs/asdf/asdf_document.hpp"

#include <array>
#include <limits>

#include <gmock/gmock.h>

#include "wcs/asdf/asdf_file.hpp"
#include "wcs/asdf/yaml_scalar.hpp"

namespace spec2::asdf {
namespace {

TEST(AsdfDocument, IsReadBackWithItsBlocks) {
  AsdfDocument document("spec2", "1.0");
  const std::array<double, 3> values = {1.5, -2.0, 1e30};
  const std::size_t block = document.add_block(std::as_bytes(std::span(values)));
  document.tree() += "meta: {name: 'x'}\ntable: !core/ndarray-1.1.0\n  source: " + std::to_string(block) +
                     "\n  datatype: float64\n  byteorder: little\n  shape: [3]\n";
  const AsdfFile file = AsdfFile::from_bytes(document.bytes(), "test");
  EXPECT_EQ(file.text("meta.name"), "x");
  EXPECT_EQ(file.block_count(), 1u);
  EXPECT_THAT(file.array(file.at("table")), ::testing::ElementsAre(1.5, -2.0, 1e30));
}

// YAML 1.1 takes "1e-05" for a text, and "3" for an integer.
TEST(YamlScalar, NumbersKeepAPoint) {
  EXPECT_EQ(yaml_real(3.0), "3.0");
  EXPECT_EQ(yaml_real(1e-5), "1.0e-05");
  EXPECT_EQ(yaml_real(-2.5e30), "-2.5e+30");
  EXPECT_EQ(yaml_real(std::numeric_limits<double>::quiet_NaN()), ".nan");
  EXPECT_EQ(yaml_real(-std::numeric_limits<double>::infinity()), "-.inf");
}

TEST(YamlScalar, TextsCannotLeaveTheirQuotes) {
  EXPECT_EQ(yaml_text("it's"), "'it''s'");
  EXPECT_EQ(yaml_text("a\"b\\\n"), "\"a\\\"b\\\\\\x0a\"");
}

}  // namespace
}  // namespace spec2::asdf
