#include "datamodels/io/extension_headers.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace spec2::io {
namespace {

Card card(const char* keyword, std::int64_t value, const char* comment = "") { return {keyword, value, comment}; }
Card card(const char* keyword, std::string value, const char* comment = "") { return {keyword, std::move(value), comment}; }

void append_name(std::string& header, std::string_view name, int version) {
  append_card(header, card("EXTNAME", std::string(name), "extension name"));
  append_card(header, card("EXTVER", version, "extension value"));
}

std::string label_of(std::string_view name, int version) { return fmt::format("{},{}", name, version); }

}  // namespace

NewHdu primary_hdu(std::span<const Card> cards) {
  NewHdu hdu{.label = "PRIMARY"};
  std::string& header = hdu.header;
  append_card(header, {"SIMPLE", true, "conforms to FITS standard"});
  append_card(header, card("BITPIX", 8, "array data type"));
  append_card(header, card("NAXIS", 0, "number of array dimensions"));
  append_card(header, {"EXTEND", true, ""});
  for (const Card& each : cards) append_card(header, each);
  append_end(header);
  return hdu;
}

NewHdu image_hdu(std::string_view name, int version, std::span<const std::size_t> shape, PixelType type,
                 std::span<const Card> cards) {
  NewHdu hdu{.label = label_of(name, version), .bytes = shape.empty() ? 0u : sizeof(float), .unit = sizeof(float), .type = type};
  for (const std::size_t axis : shape) hdu.bytes *= axis;
  std::string& header = hdu.header;
  header.reserve((cards.size() + 16) * kCardLength + kBlockLength);
  append_card(header, card("XTENSION", "IMAGE", "Image extension"));
  append_card(header, card("BITPIX", type == PixelType::real32 ? -32 : 32, "array data type"));
  append_card(header, card("NAXIS", static_cast<std::int64_t>(shape.size()), "number of array dimensions"));
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    append_card(header,
                card(fmt::format("NAXIS{}", axis + 1).c_str(), static_cast<std::int64_t>(shape[shape.size() - 1 - axis])));
  }
  append_card(header, card("PCOUNT", 0, "number of parameters"));
  append_card(header, card("GCOUNT", 1, "number of groups"));
  if (type == PixelType::unsigned32) {
    append_card(header, card("BSCALE", 1));
    append_card(header, card("BZERO", std::int64_t{kSignBit}));
  }
  append_name(header, name, version);
  for (const Card& each : cards) append_card(header, each);
  append_end(header);
  return hdu;
}

NewHdu table_hdu(std::string_view name, int version, std::size_t rows, std::span<const ColumnForm> columns,
                 std::span<const Card> cards) {
  std::size_t width = 0;
  for (const ColumnForm& column : columns) width += column.bytes();
  NewHdu hdu{.label = label_of(name, version), .bytes = std::uint64_t{rows} * width, .unit = std::max<std::size_t>(width, 1)};
  std::string& header = hdu.header;
  append_card(header, card("XTENSION", "BINTABLE", "binary table extension"));
  append_card(header, card("BITPIX", 8, "array data type"));
  append_card(header, card("NAXIS", 2, "number of array dimensions"));
  append_card(header, card("NAXIS1", static_cast<std::int64_t>(width), "length of dimension 1"));
  append_card(header, card("NAXIS2", static_cast<std::int64_t>(rows), "length of dimension 2"));
  append_card(header, card("PCOUNT", 0, "number of group parameters"));
  append_card(header, card("GCOUNT", 1, "number of groups"));
  append_card(header, card("TFIELDS", static_cast<std::int64_t>(columns.size()), "number of table fields"));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    using Type = ColumnForm::Type;
    const ColumnForm& column = columns[i];
    const auto key = [&](const char* stem) { return fmt::format("{}{}", stem, i + 1); };
    const char letter = column.type == Type::real64 ? 'D' : column.type == Type::bytes ? 'B' : 'J';
    append_card(header, card(key("TTYPE").c_str(), column.name));
    append_card(header, card(key("TFORM").c_str(),
                             column.repeat == 1 ? std::string(1, letter) : fmt::format("{}{}", column.repeat, letter)));
    if (!column.unit.empty()) append_card(header, card(key("TUNIT").c_str(), column.unit));
    if (column.type == Type::unsigned32) append_card(header, card(key("TZERO").c_str(), std::int64_t{kSignBit}));
    if (column.repeat != 1 && column.type != Type::bytes) {
      append_card(header, card(key("TDIM").c_str(), fmt::format("({})", column.repeat)));
    }
  }
  append_name(header, name, version);
  for (const Card& each : cards) append_card(header, each);
  append_end(header);
  return hdu;
}

}  // namespace spec2::io
