#include "wcs/asdf/tree_text.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "wcs/asdf/asdf_file.hpp"

namespace spec2::asdf {
namespace {

constexpr std::string_view kTree =
    "#ASDF 1.0.0\n%YAML 1.1\n--- !core/asdf-1.1.0\nhistory:\n  extensions:\n- a: 1\n  b: 2\n\nvalue: 3\nlist:\n- 4\n- 5\n";

TEST(TreeText, EntriesBecomeEmptyLines) {
  constexpr std::string_view kNames[] = {"history"};
  EXPECT_EQ(without_entries(kTree, kNames),
            "#ASDF 1.0.0\n%YAML 1.1\n--- !core/asdf-1.1.0\n\n\n\n\n\nvalue: 3\nlist:\n- 4\n- 5\n");
  EXPECT_EQ(without_entries(kTree, {}), kTree);
}

TEST(TreeText, EntriesAreFoundByTheirWholeNames) {
  constexpr std::string_view kNames[] = {"val", "lis", "extensions"};
  EXPECT_EQ(without_entries(kTree, kNames), kTree);
}

TEST(TreeText, TheLastLineMayHaveNoEnd) {
  constexpr std::string_view kNames[] = {"b"};
  EXPECT_EQ(without_entries("---\na: 1\nb: 2", kNames), "---\na: 1\n\n");
}

/// What was passed over is read after all when the rest refers to it.
TEST(TreeText, ReferencesIntoEntriesPassedOverStillHold) {
  const std::string path = ::testing::TempDir() + "aliases.asdf";
  std::ofstream(path) << "#ASDF 1.0.0\n%YAML 1.1\n--- !core/asdf-1.1.0\nmeta: &anchor {number: 7}\nmodel: *anchor\n...\n";
  constexpr std::string_view kNames[] = {"meta"};
  const AsdfFile file = AsdfFile::open(path, ErrorCause::reference, kNames);
  EXPECT_EQ(file.real("model.number"), 7.0);
}

}  // namespace
}  // namespace spec2::asdf
