#include "pipeline/html/preview.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "pipeline/html/markup.hpp"
#include "pipeline/html/png.hpp"

namespace spec2::pipeline::html {
namespace {

constexpr double kLowPercentile = 0.01, kHighPercentile = 0.99;

/// Dark blue over green to yellow, of even steps in lightness (points of the public-domain colour map viridis).
std::vector<Colour> colours() {
  constexpr std::array<Colour, 9> kPoints = {{{68, 1, 84}, {71, 44, 122}, {59, 81, 139}, {44, 113, 142}, {33, 144, 141},
                                              {39, 173, 129}, {92, 200, 99}, {170, 220, 50}, {253, 231, 37}}};
  std::vector<Colour> palette = {Colour{0, 0, 0}};
  for (int i = 1; i < 256; ++i) {
    const double place = (i - 1) / 254.0 * (kPoints.size() - 1);
    const std::size_t before = std::min<std::size_t>(static_cast<std::size_t>(place), kPoints.size() - 2);
    const double part = place - static_cast<double>(before);
    Colour colour{};
    for (std::size_t k = 0; k < 3; ++k) {
      colour[k] = static_cast<std::uint8_t>(std::lround(kPoints[before][k] * (1.0 - part) + kPoints[before + 1][k] * part));
    }
    palette.push_back(colour);
  }
  return palette;
}

/// Means of groups of pixels, rows from the bottom.
struct Means {
  std::size_t width = 0, height = 0;
  std::vector<double> values;  ///< NaN without any
};

Means read_means(io::FitsFile& file, int version, const std::vector<std::size_t>& shape) {
  const std::size_t columns = shape[shape.size() - 1], rows = shape[shape.size() - 2];
  const std::size_t planes = shape.size() == 3 ? shape[0] : 1;
  const std::size_t across = (columns + Preview::kLargestWidth - 1) / Preview::kLargestWidth;
  const std::size_t along = (rows + Preview::kLargestHeight - 1) / Preview::kLargestHeight;
  Means means{.width = (columns + across - 1) / across, .height = (rows + along - 1) / along};
  means.values.assign(means.width * means.height, 0.0);
  std::vector<std::uint32_t> counts(means.values.size(), 0);
  std::vector<float> line(columns);
  for (std::size_t row = 0; row < planes * rows; ++row) {
    file.read("SCI", version, row * columns, std::span<float>(line));
    const std::size_t first = (row % rows) / along * means.width;
    for (std::size_t column = 0; column < columns; ++column) {
      if (!std::isfinite(line[column])) continue;
      means.values[first + column / across] += line[column];
      ++counts[first + column / across];
    }
  }
  for (std::size_t i = 0; i < counts.size(); ++i) means.values[i] /= counts[i];
  return means;
}

double percentile(std::vector<double>& values, double part) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(std::lround(part * static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

std::string picture(const Means& means, double low, double high) {
  static const std::vector<Colour> palette = colours();
  const double scale = high > low ? 254.0 / (high - low) : 0.0;
  std::vector<std::uint8_t> pixels(means.values.size(), 0);
  for (std::size_t row = 0; row < means.height; ++row) {
    for (std::size_t column = 0; column < means.width; ++column) {
      const double value = means.values[(means.height - 1 - row) * means.width + column];
      if (std::isnan(value)) continue;
      pixels[row * means.width + column] = static_cast<std::uint8_t>(1.0 + std::clamp((value - low) * scale, 0.0, 254.0));
    }
  }
  return base64(palette_png(means.width, means.height, pixels, palette));
}

Preview preview(io::FitsFile& file, int version) {
  const io::HduInfo& info = file.info("SCI", version);
  Preview made{.label = extension_label(file, "SCI", version), .shape = info.shape};
  made.unit = file.header("SCI", version).find_text("BUNIT").value_or("");
  const bool is_picture = info.type == io::HduType::image && (info.shape.size() == 2 || info.shape.size() == 3);
  if (!is_picture || std::find(info.shape.begin(), info.shape.end(), 0U) != info.shape.end()) return made;
  const Means means = read_means(file, version, info.shape);
  made.width = means.width;
  made.height = means.height;
  std::vector<double> finite;
  std::copy_if(means.values.begin(), means.values.end(), std::back_inserter(finite),
               [](double value) { return std::isfinite(value); });
  if (finite.empty()) return made;
  made.low = percentile(finite, kLowPercentile);
  made.high = percentile(finite, kHighPercentile);
  made.png = picture(means, made.low, made.high);
  return made;
}

}  // namespace

std::vector<Preview> previews(io::FitsFile& file, std::size_t most) {
  std::vector<Preview> made;
  for (const io::HduInfo& info : file.hdus()) {
    if (info.name == "SCI" && made.size() < most) made.push_back(preview(file, info.version));
  }
  return made;
}

std::string extension_label(io::FitsFile& file, const std::string& name, int version) {
  const Metadata header = file.header(name, version);
  if (const auto slit = header.find_text("SLTNAME"); slit && !slit->empty()) return *slit;
  if (const auto source = header.find_integer("SOURCEID")) return fmt::format("source {}", *source);
  return fmt::format("{} {}", name, version);
}

}  // namespace spec2::pipeline::html
