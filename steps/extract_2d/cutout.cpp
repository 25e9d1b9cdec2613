#include "steps/extract_2d/cutout.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace spec2::extract_2d {
namespace {

std::int64_t pixel_of(double edge) { return static_cast<std::int64_t>(std::floor(edge + 0.5)); }

}  // namespace

PixelBox cutout_box(const wcs::BoundingBox& box, std::size_t rows, std::size_t columns, const std::string& slit) {
  if (box.axes != 2 || !std::isfinite(box.low[0] + box.high[0] + box.low[1] + box.high[1])) {
    throw Error(ErrorCause::data, fmt::format("slit {} has no bounding box", slit), {},
                "Check the pointing keywords of the exposure");
  }
  const auto limit = [](double edge, std::size_t size) {
    return std::clamp<std::int64_t>(pixel_of(edge), 0, static_cast<std::int64_t>(size));
  };
  const PixelBox cut{limit(box.low[0], columns), limit(box.high[0], columns), limit(box.low[1], rows), limit(box.high[1], rows)};
  if (cut.x_low >= cut.x_high || cut.y_low >= cut.y_high) {
    throw Error(ErrorCause::data, fmt::format("slit {} lies outside the image", slit), {},
                "Check SUBSTRT1, SUBSTRT2 and the subarray");
  }
  return cut;
}

SlitSize slit_size(const wcs::BoundingBox& box) {
  return {static_cast<int>(pixel_of(box.high[0]) - pixel_of(box.low[0])),
          static_cast<int>(pixel_of(box.high[1]) - pixel_of(box.low[1]))};
}

wcs::Wcs cutout_wcs(wcs::Arena& arena, const wcs::Wcs& image_wcs, const PixelBox& box) {
  wcs::Wcs cut = image_wcs;
  const wcs::TransformId to_image =
      arena.concatenate(arena.shift(static_cast<double>(box.x_low)), arena.shift(static_cast<double>(box.y_low)));
  const wcs::TransformId first = arena.compose(to_image, image_wcs.steps[0].transform);
  arena.set_name(first, "dms2sca");
  cut.steps[0].transform = first;
  cut.bounding_box =
      wcs::BoundingBox::xy(-0.5, static_cast<double>(box.columns()) - 0.5, -0.5, static_cast<double>(box.rows()) - 0.5);
  return cut;
}

std::string slit_footprint(const wcs::Arena& arena, const wcs::Wcs& slit_wcs, double ymin, double ymax) {
  const wcs::Mapper to_sky = wcs::Mapper::between(arena, slit_wcs, "slit_frame", "world");
  wcs::Scratch scratch;
  std::string text = "POLYGON ICRS ";
  for (const auto& [x, y] : {std::pair{-0.5, ymin}, {-0.5, ymax}, {0.5, ymax}, {0.5, ymin}}) {
    const auto sky = to_sky.point(scratch, {x, y, 2e-6});
    if (std::isnan(sky[0]) || std::isnan(sky[1])) return {};
    text += fmt::format(" {:.9f} {:.9f}", sky[0], sky[1]);
  }
  return text;
}

SlitPosition source_position(const wcs::Arena& arena, const wcs::Wcs& slit_wcs, const Metadata& header) {
  const double angle = header.real("V3I_YANG") * std::numbers::pi / 180.0;
  const double parity = header.real("VPARITY");
  const double x = header.real("XOFFSET");
  const double y = header.real("YOFFSET");
  const double v2 = header.real("V2_REF") + parity * x * std::cos(angle) + y * std::sin(angle);
  const double v3 = header.real("V3_REF") - parity * x * std::sin(angle) + y * std::cos(angle);
  wcs::Scratch scratch;
  // The wavelength plays no part in the position.
  const auto place = wcs::Mapper::between(arena, slit_wcs, "v2v3", "slit_frame").point(scratch, {v2, v3, 2.0});
  return {place[0], place[1]};
}

}  // namespace spec2::extract_2d
