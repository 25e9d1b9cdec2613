#include "datamodels/io/meta_tree.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "wcs/asdf/asdf_file.hpp"

namespace spec2::io {
namespace {

TEST(MetaTree, ScalarsKeepTheirTypeInYaml) {
  EXPECT_EQ(yaml_scalar(true), "true");
  EXPECT_EQ(yaml_scalar(std::int64_t{-3}), "-3");
  EXPECT_EQ(yaml_scalar(1.0), "1.0");
  EXPECT_EQ(yaml_scalar(1e-5), "1.0e-05");
  EXPECT_EQ(yaml_scalar(2.5e300), "2.5e+300");
  EXPECT_EQ(yaml_scalar(std::numeric_limits<double>::quiet_NaN()), ".nan");
  EXPECT_EQ(yaml_scalar(-std::numeric_limits<double>::infinity()), "-.inf");
  EXPECT_EQ(yaml_scalar(std::string("it's 01")), "'it''s 01'");
  EXPECT_EQ(yaml_scalar(std::string("a\n\"b\"")), "\"a\\x0a\\\"b\\\"\"");
}

TEST(MetaTree, BranchesAreNestedAndSorted) {
  MetaTree tree;
  tree.set("meta.exposure.type", std::string("NRS_FIXEDSLIT"));
  tree.set("meta.date", std::string("2026"));
  tree.set("meta.exposure.nints", std::int64_t{1});
  std::string text;
  tree.append_to(text, 0);
  EXPECT_EQ(text, "meta:\n  date: '2026'\n  exposure:\n    nints: 1\n    type: 'NRS_FIXEDSLIT'\n");
}

TEST(MetaTree, PathsBelowAValueAreLeftOut) {
  MetaTree tree;
  tree.set("a", std::int64_t{1});
  tree.set("a.b", std::int64_t{2});
  std::string text;
  tree.append_to(text, 2);
  EXPECT_EQ(text, "  a: 1\n");
}

}  // namespace
}  // namespace spec2::io
