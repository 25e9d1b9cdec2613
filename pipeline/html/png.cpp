#include "pipeline/html/png.hpp"

#include <zlib.h>

#include <string_view>

#include "core/error.hpp"

namespace spec2::pipeline::html {
namespace {

void append_number(std::vector<std::byte>& out, std::size_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::byte>(value >> shift & 0xFFU));
}

void append_chunk(std::vector<std::byte>& out, std::string_view type, std::span<const std::byte> data) {
  append_number(out, data.size());
  const std::size_t checked_from = out.size();
  for (const char letter : type) out.push_back(static_cast<std::byte>(letter));
  out.insert(out.end(), data.begin(), data.end());
  const auto* const first = reinterpret_cast<const Bytef*>(out.data() + checked_from);
  append_number(out, ::crc32(0, first, static_cast<uInt>(out.size() - checked_from)));
}

std::vector<std::byte> compressed(std::span<const std::byte> data) {
  uLongf size = ::compressBound(data.size());
  std::vector<std::byte> out(size);
  const int status = ::compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
                                 data.size(), Z_BEST_COMPRESSION);
  if (status != Z_OK) throw Error(ErrorCause::internal, "an image cannot be compressed");
  out.resize(size);
  return out;
}

}  // namespace

std::vector<std::byte> palette_png(std::size_t width, std::size_t height, std::span<const std::uint8_t> pixels,
                                   std::span<const Colour> palette) {
  std::vector<std::byte> out;
  for (const char letter : std::string_view("\x89PNG\r\n\x1A\n")) out.push_back(static_cast<std::byte>(letter));
  std::vector<std::byte> header;
  append_number(header, width);
  append_number(header, height);
  for (const unsigned value : {8U, 3U, 0U, 0U, 0U}) header.push_back(static_cast<std::byte>(value));
  append_chunk(out, "IHDR", header);
  std::vector<std::byte> colours;
  for (const Colour& colour : palette) {
    for (const std::uint8_t value : colour) colours.push_back(static_cast<std::byte>(value));
  }
  append_chunk(out, "PLTE", colours);
  const std::byte transparent{0};
  append_chunk(out, "tRNS", {&transparent, 1});
  std::vector<std::byte> rows;
  rows.reserve((width + 1) * height);
  for (std::size_t row = 0; row < height; ++row) {
    rows.push_back(std::byte{0});  // no filter: palette numbers have no slope worth one
    for (const std::uint8_t pixel : pixels.subspan(row * width, width)) rows.push_back(static_cast<std::byte>(pixel));
  }
  append_chunk(out, "IDAT", compressed(rows));
  append_chunk(out, "IEND", {});
  return out;
}

}  // namespace spec2::pipeline::html
