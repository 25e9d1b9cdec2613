#include "wcs/asdf/gwcs_writer.hpp"

#include <gmock/gmock.h>

#include "wcs/asdf/asdf_file.hpp"

namespace spec2::asdf {
namespace {

using wcs::Arena;
using wcs::BoundingBox;

wcs::Wcs shifted(Arena& arena, wcs::TransformId first) {
  wcs::Wcs result;
  wcs::add_step(result, arena.add_frame(wcs::frame2d("detector")), first);
  const auto world = wcs::composite_frame("world", {wcs::celestial_frame("sky"), wcs::spectral_frame("spectral", 2, "um")});
  wcs::add_step(result, arena.add_frame(world), {});
  return result;
}

AsdfFile written(const Arena& arena, const wcs::Wcs& wcs) {
  AsdfDocument document("spec2", "1");
  document.tree() += "wcs:" + GwcsWriter(document, arena).write(wcs, 2);
  return AsdfFile::from_bytes(document.bytes(), "written");
}

TEST(GwcsWriter, FramesAndTransforms) {
  Arena arena;
  wcs::Wcs wcs = shifted(arena, arena.compose(arena.mapping({0, 1, 0}), arena.identity(3)));
  wcs.bounding_box = BoundingBox::xy(-0.5, 422.5, 1.5, 35.5);
  wcs.pixel_shape = {423, 36};
  const AsdfFile file = written(arena, wcs);
  EXPECT_EQ(file.at("wcs").Tag(), "tag:stsci.edu:gwcs/wcs-1.4.0");
  EXPECT_EQ(file.at("wcs.pixel_shape").as<std::vector<int>>(), (std::vector<int>{423, 36}));
  const YAML::Node first = file.at("wcs.steps")[0], last = file.at("wcs.steps")[1];
  EXPECT_EQ(first["frame"]["name"].as<std::string>(), "detector");
  EXPECT_EQ(first["frame"]["axis_physical_types"][1].as<std::string>(), "custom:y");
  const YAML::Node intervals = first["transform"]["bounding_box"]["intervals"];
  EXPECT_EQ(intervals["x0"].as<std::vector<double>>(), (std::vector<double>{-0.5, 422.5}));
  EXPECT_EQ(intervals["x1"].as<std::vector<double>>(), (std::vector<double>{1.5, 35.5}));
  EXPECT_EQ(first["transform"]["inputs"].as<std::vector<std::string>>(), (std::vector<std::string>{"x0", "x1"}));
  EXPECT_EQ(last["frame"]["frames"][0].Tag(), "tag:stsci.edu:gwcs/celestial_frame-1.2.0");
  EXPECT_EQ(last["frame"]["frames"][1]["axis_physical_types"][0].as<std::string>(), "em.wl");
  EXPECT_TRUE(last["transform"].IsNull());
}

TEST(GwcsWriter, OneBoxForEachSlit) {
  Arena arena;
  const auto first = arena.identity(3);
  arena.set_input_names(first, {"x", "y", "name"});
  wcs::Wcs wcs = shifted(arena, first);
  const Arena::SlitBox boxes[] = {{-101, BoundingBox::xy(1, 2, 3, 4)}, {-102, BoundingBox::xy(5, 6, 7, 8)}};
  wcs.first_slit_box = arena.add_slit_boxes(boxes);
  wcs.slit_box_count = 2;
  const YAML::Node box = written(arena, wcs).at("wcs.steps")[0]["transform"]["bounding_box"];
  EXPECT_EQ(box["selector_args"][0]["argument"].as<std::string>(), "name");
  EXPECT_EQ(box["cbbox"][1]["key"][0].as<int>(), -102);
  EXPECT_EQ(box["cbbox"][1]["bbox"]["intervals"]["y"].as<std::vector<double>>(), (std::vector<double>{7, 8}));
}

}  // namespace
}  // namespace spec2::asdf
