#include "steps/resample_spec/custom_grid.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "core/error.hpp"
#include "wcs/mapper.hpp"

namespace spec2::resample_spec {
namespace {

namespace fs = std::filesystem;

/// An ASDF file for the time of a test.
class AsdfText {
 public:
  explicit AsdfText(const std::string& tree)
      : path_(fs::temp_directory_path() / ("custom_grid_" + std::to_string(::getpid()) + ".asdf")) {
    std::ofstream(path_) << "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n"
                         << tree << "...\n";
  }
  ~AsdfText() { fs::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

/// Pixel -> (x + 5, 2 y, 3 x): the mapping's inverse has the mapping as its own inverse, by an alias, as in every s2d product.
std::string wcs_tree(const std::string& box) {
  return R"(wcs: !<tag:stsci.edu:gwcs/wcs-1.4.0>
  name: ''
  steps:
  - !<tag:stsci.edu:gwcs/step-1.3.0>
    frame: !<tag:stsci.edu:gwcs/frame2d-1.2.0> {name: detector}
    transform: !transform/compose-1.4.0
)" + box + R"(      forward:
      - &map !transform/remap_axes-1.5.0
        inputs: [x0, x1]
        inverse: !transform/remap_axes-1.5.0
          inputs: [x0, x1, x2]
          inverse: *map
          mapping: [2, 1]
          outputs: [x0, x1]
        mapping: [0, 1, 0]
        outputs: [x0, x1, x2]
      - !transform/concatenate-1.4.0
        forward:
        - !transform/concatenate-1.4.0
          forward:
          - !transform/shift-1.4.0 {inputs: [x], outputs: [y], offset: 5.0}
          - !transform/scale-1.4.0 {inputs: [x], outputs: [y], factor: 2.0}
          inputs: [x0, x1]
          outputs: [y0, y1]
        - !transform/scale-1.4.0 {inputs: [x], outputs: [y], factor: 3.0}
        inputs: [x00, x10, x1]
        outputs: [y00, y10, y1]
      inputs: [x0, x1]
      outputs: [y00, y10, y1]
  - !<tag:stsci.edu:gwcs/step-1.3.0>
    frame: !<tag:stsci.edu:gwcs/composite_frame-1.2.0> {name: world}
    transform: null
)";
}

const std::string kBox = R"(      bounding_box: !transform/property/bounding_box-1.2.0
        ignore: []
        intervals: {x0: [-0.5, 99.5], x1: [-0.5, 19.5]}
        order: F
)";

TEST(CustomGrid, TheWcsGoesThereAndBack) {
  const AsdfText file(wcs_tree(kBox));
  wcs::Arena arena;
  const CustomGrid grid = read_custom_grid(file.path(), arena, std::nullopt);
  arena.freeze();
  wcs::Scratch scratch;
  const auto world = wcs::Mapper::forward(arena, grid.wcs).point(scratch, {4.0, 7.0});
  EXPECT_DOUBLE_EQ(world[0], 9.0);
  EXPECT_DOUBLE_EQ(world[1], 14.0);
  EXPECT_DOUBLE_EQ(world[2], 12.0);
  const auto pixel = wcs::Mapper::inverse(arena, grid.wcs).point(scratch, {9.0, 14.0, 12.0});
  EXPECT_DOUBLE_EQ(pixel[0], 4.0);
  EXPECT_DOUBLE_EQ(pixel[1], 7.0);
}

TEST(CustomGrid, TheShapeIsTheParametersOrTheFilesOrTheBoxes) {
  const auto shape = [](const std::string& tree, std::optional<std::array<std::size_t, 2>> given) {
    const AsdfText file(tree);
    wcs::Arena arena;
    const CustomGrid grid = read_custom_grid(file.path(), arena, given);
    return std::pair(grid.columns, grid.rows);
  };
  EXPECT_EQ(shape(wcs_tree(kBox), std::nullopt), (std::pair<std::size_t, std::size_t>(100, 20)));
  EXPECT_EQ(shape(wcs_tree(kBox) + "pixel_shape: [300, 30]\n", std::nullopt), (std::pair<std::size_t, std::size_t>(300, 30)));
  EXPECT_EQ(shape(wcs_tree(kBox) + "array_shape: [40, 400]\n", std::nullopt), (std::pair<std::size_t, std::size_t>(400, 40)));
  EXPECT_EQ(shape(wcs_tree(kBox) + "array_shape: [40, 400]\n", std::array<std::size_t, 2>{7, 3}),
            (std::pair<std::size_t, std::size_t>(7, 3)));
}

TEST(CustomGrid, TheAreaOfAPixelMayBeGivenByItsScale) {
  const AsdfText file(wcs_tree(kBox) + "pixel_scale: 0.5\n");
  wcs::Arena arena;
  EXPECT_EQ(read_custom_grid(file.path(), arena, std::nullopt).pixel_area, 0.25);
}

TEST(CustomGrid, WhatTheFileLacksIsSaid) {
  const auto message = [](const std::string& tree) -> std::string {
    const AsdfText file(tree);
    wcs::Arena arena;
    try {
      read_custom_grid(file.path(), arena, std::nullopt);
    } catch (const Error& error) {
      EXPECT_EQ(error.cause(), ErrorCause::user_input);
      return error.what();
    }
    return "no error";
  };
  EXPECT_NE(message("other: 1\n").find("has no gwcs under the key wcs"), std::string::npos) << message("other: 1\n");
  EXPECT_NE(message(wcs_tree("")).find("output_shape=columns,rows"), std::string::npos) << message(wcs_tree(""));
  for (const char* const edge : {"-3.0", "1.0e+12", ".nan", ".inf"}) {
    std::string box = kBox;
    box.replace(box.find("99.5"), 4, edge);
    EXPECT_NE(message(wcs_tree(box)).find("holds no pixels"), std::string::npos) << edge << ": " << message(wcs_tree(box));
  }
}

}  // namespace
}  // namespace spec2::resample_spec
