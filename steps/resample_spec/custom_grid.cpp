#include "steps/resample_spec/custom_grid.hpp"

#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "wcs/asdf/asdf_file.hpp"
#include "wcs/asdf/transform_reader.hpp"

namespace spec2::resample_spec {
namespace {

/// Frames of the peer's resampled products by their names; others are taken as plain ones.
wcs::FrameId frame_of(wcs::Arena& arena, const std::string& name) {
  const auto with_wavelength = [&](wcs::Frame spatial) {
    return arena.add_frame(wcs::composite_frame(name, {std::move(spatial), wcs::spectral_frame("spectral", 2, "um")}));
  };
  if (name == "slit_frame") return with_wavelength(wcs::frame2d("slit_spatial", {"", ""}, {"x_slit", "y_slit"}));
  if (name == "world") return with_wavelength(wcs::celestial_frame("sky"));
  return arena.add_frame(wcs::frame2d(name));
}

[[noreturn]] void refuse(const std::string& path, const std::string& what, const std::string& advice) {
  throw Error(ErrorCause::user_input, "output_wcs: " + what, {.file = path, .keyword = "resample_spec.output_wcs"}, advice);
}

std::optional<double> number(const asdf::AsdfFile& file, const char* key) {
  const YAML::Node node = file.tree()[key];
  if (!node || node.IsNull()) return std::nullopt;
  return node.as<double>();
}

/// Rows, columns of a list in the order [rows, columns] or, for pixel_shape, [columns, rows].
std::optional<std::pair<std::size_t, std::size_t>> shape_in(const YAML::Node& holder) {
  for (const bool rows_first : {true, false}) {
    const YAML::Node node = holder[rows_first ? "array_shape" : "pixel_shape"];
    if (!node || !node.IsSequence() || node.size() != 2) continue;
    const auto first = node[0].as<std::size_t>(), second = node[1].as<std::size_t>();
    return rows_first ? std::pair(first, second) : std::pair(second, first);
  }
  return std::nullopt;
}

/// Pixels from the first one to the edge of a bounding box; 0 when it is not a place in an image.
std::size_t pixels_up_to(double edge) {
  constexpr double kMostPixels = 1e9;
  return edge > 0.0 && edge < kMostPixels ? static_cast<std::size_t>(std::floor(edge + 0.5)) : 0;
}

}  // namespace

CustomGrid read_custom_grid(const std::string& path, wcs::Arena& arena, const std::optional<std::array<std::size_t, 2>>& shape) {
  const asdf::AsdfFile file = asdf::AsdfFile::open(path, ErrorCause::user_input);
  const YAML::Node tree = file.tree()["wcs"];
  if (!tree || !tree["steps"] || !tree["steps"].IsSequence() || tree["steps"].size() < 2) {
    refuse(path, "the file has no gwcs under the key wcs", "Write one with asdf.AsdfFile({'wcs': wcs}).write_to(file)");
  }
  CustomGrid grid;
  if (tree["steps"].size() > wcs::Wcs::kMaxFrames) refuse(path, "the WCS has too many frames", "Give one with fewer frames");
  for (const auto& step : tree["steps"]) {
    const YAML::Node frame = step["frame"], transform = step["transform"];
    const std::string name = frame.IsMap() && frame["name"] ? frame["name"].as<std::string>() : frame.as<std::string>("");
    const bool leads_on = transform && !transform.IsNull();
    wcs::add_step(grid.wcs, frame_of(arena, name), leads_on ? asdf::read_transform(file, transform, arena) : wcs::TransformId());
  }
  grid.wcs.bounding_box = arena.bounding_box(grid.wcs.steps[0].transform);

  auto found = shape_in(tree);
  if (!found) found = shape_in(file.tree());
  if (shape) {
    grid.columns = (*shape)[0];
    grid.rows = (*shape)[1];
  } else if (found) {
    std::tie(grid.rows, grid.columns) = *found;
  } else if (grid.wcs.bounding_box) {
    grid.columns = pixels_up_to(grid.wcs.bounding_box.high[0]);
    grid.rows = pixels_up_to(grid.wcs.bounding_box.high[1]);
    if (grid.columns == 0 || grid.rows == 0) {
      refuse(path, "the bounding box of the WCS holds no pixels", "Give output_shape=columns,rows");
    }
  } else {
    refuse(path, "neither the WCS nor the file tells the shape of the image", "Give output_shape=columns,rows");
  }
  grid.pixel_area = number(file, "pixel_area");
  if (const auto scale = number(file, "pixel_scale"); scale && !grid.pixel_area) grid.pixel_area = *scale * *scale;
  return grid;
}

}  // namespace spec2::resample_spec
