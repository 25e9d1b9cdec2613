#include "steps/clean_flicker_noise/side_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.hpp"
#include "datamodels/io/fits_file.hpp"
#include "steps/clean_flicker_noise/clean_image.hpp"

namespace spec2::clean_flicker_noise {
namespace {

/// First pixel of the subarray in the detector, 0-based.
std::size_t start(const Metadata& header, const char* keyword) {
  const auto first = header.find_integer(keyword).value_or(1);
  return first > 0 ? static_cast<std::size_t>(first - 1) : 0;
}

void fill_bad_pixels(View2<float> flat, Account& account) {
  const auto is_bad = [](float value) { return value == 0.0f || !std::isfinite(value); };
  if (std::none_of(flat.data, flat.data + flat.size(), is_bad)) return;
  Buffer<Mask> mask(account, flat.size(), "scratch mask of the flat");
  Buffer<double> values(account, 2 * flat.size(), "scratch values of the flat");
  Buffer<float> smooth(account, flat.size(), "scratch smooth flat");
  std::transform(flat.data, flat.data + flat.size(), mask.data(), [&](float value) { return static_cast<Mask>(!is_bad(value)); });
  background_level(flat, {mask.data(), flat.rows, flat.columns}, BackgroundMethod::model, {}, {values.data(), values.size()},
                   {smooth.data(), flat.rows, flat.columns});
  for (std::size_t i = 0; i < flat.size(); ++i) {
    if (is_bad(flat.data[i])) flat.data[i] = smooth.data()[i];
  }
}

}  // namespace

SceneMask read_user_mask(const std::string& path, Account& account) {
  io::FitsFile file = io::FitsFile::open(path, ErrorCause::user_input);
  const io::HduInfo& info = file.info("SCI");
  if (info.type != io::HduType::image || (info.shape.size() != 2 && info.shape.size() != 3)) {
    throw Error(ErrorCause::user_input, "the mask is no image or cube", {.file = path, .hdu = "SCI,1", .keyword = "NAXIS"},
                "Give a file as save_mask of clean_flicker_noise writes it");
  }
  const std::size_t axes = info.shape.size();
  SceneMask mask{{}, axes == 3 ? info.shape[0] : 1, info.shape[axes - 2], info.shape[axes - 1]};
  const std::size_t size = mask.rows * mask.columns;
  mask.values = Buffer<Mask>(account, mask.count * size, "scratch user's mask");
  std::vector<float> plane(size);
  for (std::size_t n = 0; n < mask.count; ++n) {
    file.read("SCI", 1, n * size, std::span(plane));
    std::transform(plane.begin(), plane.end(), mask.values.data() + n * size,
                   [](float value) { return static_cast<Mask>(value != 0.0f); });
  }
  return mask;
}

Buffer<float> read_flat(const std::string& path, const Metadata& header, const PlaneShape& shape, Account& account) {
  io::FitsFile file = io::FitsFile::open(path, ErrorCause::reference);
  const io::HduInfo& info = file.info("SCI");
  const Metadata own = file.header("PRIMARY");
  const std::size_t rows = info.shape.size() == 2 ? info.shape[0] : 0, columns = info.shape.size() == 2 ? info.shape[1] : 0;
  const std::size_t x = start(header, "SUBSTRT1"), y = start(header, "SUBSTRT2");
  const std::size_t own_x = start(own, "SUBSTRT1"), own_y = start(own, "SUBSTRT2");
  if (x < own_x || y < own_y || x - own_x + shape.columns > columns || y - own_y + shape.rows > rows) {
    throw Error(ErrorCause::reference, "the flat does not cover the subarray of the exposure",
                {.file = path, .hdu = "SCI,1", .keyword = "SUBSTRT1"}, "Give a full-frame flat, or one of the same subarray");
  }
  Buffer<float> flat(account, shape.rows * shape.columns, "scratch flat");
  for (std::size_t row = 0; row < shape.rows; ++row) {
    file.read("SCI", 1, (y - own_y + row) * columns + (x - own_x),
              std::span<float>(flat.data() + row * shape.columns, shape.columns));
  }
  fill_bad_pixels({flat.data(), shape.rows, shape.columns}, account);
  return flat;
}

}  // namespace spec2::clean_flicker_noise
