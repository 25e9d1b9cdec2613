#include "steps/clean_flicker_noise/median_noise.hpp"

#include "core/math/sigma_clip.hpp"

namespace spec2::clean_flicker_noise {
namespace {

constexpr std::size_t kFullFrame = 2048;
constexpr std::size_t kChannels = 4;

/// One line: `count` pixels, `step` elements apart in the image, `mask_step` in the mask.
void clean_line(float* values, const Mask* use, std::size_t count, std::size_t step, std::size_t mask_step, double* scratch) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (use[i * mask_step]) scratch[kept++] = values[i * step];
  }
  if (kept == 0) return;
  const auto median = static_cast<float>(median_of({scratch, kept}));
  for (std::size_t i = 0; i < count; ++i) values[i * step] -= median;
}

}  // namespace

void subtract_median_lines(View2<float> image, View2<const Mask> mask, int axis, bool by_channel, std::span<double> scratch) {
  const std::size_t length = axis == 1 ? image.rows : image.columns;
  const std::size_t channels = by_channel && length == kFullFrame ? kChannels : 1;
  const std::size_t size = length / channels;
  for (std::size_t first = 0; first < channels * size; first += size) {
    if (axis == 1) {
      for (std::size_t x = 0; x < image.columns; ++x) {
        clean_line(image.row(first) + x, mask.row(first) + x, size, image.stride, mask.stride, scratch.data());
      }
    } else {
      for (std::size_t y = 0; y < image.rows; ++y) {
        clean_line(image.row(y) + first, mask.row(y) + first, size, 1, 1, scratch.data());
      }
    }
  }
}

}  // namespace spec2::clean_flicker_noise
