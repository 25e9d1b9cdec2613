#include "pipeline/html/png.hpp"

#include <gmock/gmock.h>
#include <zlib.h>

#include <map>
#include <string>

namespace spec2::pipeline::html {
namespace {

using ::testing::ElementsAre;

std::size_t number_at(const std::vector<std::byte>& bytes, std::size_t at) {
  std::size_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) value = value << 8 | std::to_integer<std::size_t>(bytes[i]);
  return value;
}

/// Chunks by type, their checksums compared.
std::map<std::string, std::vector<std::uint8_t>> chunks(const std::vector<std::byte>& png) {
  std::map<std::string, std::vector<std::uint8_t>> found;
  for (std::size_t at = 8; at < png.size();) {
    const std::size_t length = number_at(png, at);
    const auto* const type = reinterpret_cast<const char*>(png.data() + at + 4);
    const auto* const data = reinterpret_cast<const std::uint8_t*>(png.data() + at + 8);
    EXPECT_EQ(number_at(png, at + 8 + length), ::crc32(0, reinterpret_cast<const Bytef*>(type), static_cast<uInt>(length + 4)));
    found[std::string(type, 4)].assign(data, data + length);
    at += length + 12;
  }
  return found;
}

TEST(PalettePng, HasSignatureSizePaletteAndPixels) {
  const std::vector<std::uint8_t> pixels = {0, 1, 2, 2, 1, 0};
  const std::vector<Colour> palette = {{0, 0, 0}, {10, 20, 30}, {255, 254, 253}};
  const std::vector<std::byte> png = palette_png(3, 2, pixels, palette);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(png.data()), 8), "\x89PNG\r\n\x1A\n");
  auto parts = chunks(png);
  EXPECT_THAT(parts["IHDR"], ElementsAre(0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0));
  EXPECT_THAT(parts["PLTE"], ElementsAre(0, 0, 0, 10, 20, 30, 255, 254, 253));
  EXPECT_THAT(parts["tRNS"], ElementsAre(0));
  std::vector<std::uint8_t> rows(8);
  uLongf size = rows.size();
  ASSERT_EQ(::uncompress(rows.data(), &size, parts["IDAT"].data(), parts["IDAT"].size()), Z_OK);
  EXPECT_EQ(size, rows.size());
  EXPECT_THAT(rows, ElementsAre(0, 0, 1, 2, 0, 2, 1, 0));
  EXPECT_TRUE(parts.contains("IEND"));
}

}  // namespace
}  // namespace spec2::pipeline::html
