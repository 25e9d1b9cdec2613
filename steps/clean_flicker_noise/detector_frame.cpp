#include "steps/clean_flicker_noise/detector_frame.hpp"

namespace spec2::clean_flicker_noise {
namespace {

template <class Copy>
void for_blocks(std::size_t rows, std::size_t columns, const Copy& copy) {
  constexpr std::size_t kBlock = 32;
  for (std::size_t y0 = 0; y0 < rows; y0 += kBlock) {
    for (std::size_t x0 = 0; x0 < columns; x0 += kBlock) {
      for (std::size_t y = y0; y < std::min(y0 + kBlock, rows); ++y) {
        for (std::size_t x = x0; x < std::min(x0 + kBlock, columns); ++x) copy(y, x);
      }
    }
  }
}

template <class T>
void turn(Detector detector, View2<const T> image, View2<T> out) {
  for_blocks(out.rows, out.columns,
             [&](std::size_t y, std::size_t x) { out.row(y)[x] = image.row(x)[image_column(detector, y, out.rows)]; });
}

}  // namespace

void to_detector(Detector detector, View2<const float> image, View2<float> out) { turn<float>(detector, image, out); }
void to_detector(Detector detector, View2<const unsigned char> image, View2<unsigned char> out) {
  turn<unsigned char>(detector, image, out);
}

void to_image(Detector detector, View2<const float> detector_image, View2<float> out) {
  const std::size_t rows = detector_image.rows;
  for_blocks(rows, detector_image.columns,
             [&](std::size_t y, std::size_t x) { out.row(x)[image_column(detector, y, rows)] = detector_image.row(y)[x]; });
}

}  // namespace spec2::clean_flicker_noise
