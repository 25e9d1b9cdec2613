#include "wcs/asdf/array_values.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>

namespace spec2::asdf {
namespace {

constexpr int kDeepestList = 16;
constexpr std::size_t kLargestArray = std::size_t{1} << 33;

DataType parse_type(const std::string& name) {
  DataType type;
  const auto number = [&](std::size_t from) { return static_cast<std::size_t>(std::stoul(name.substr(from))) / 8; };
  if (name == "bool8") {
    type.kind = 'b';
    type.size = 1;
  } else if (name == "float32" || name == "float64") {
    type.size = number(5);
  } else if (name == "int8" || name == "int16" || name == "int32" || name == "int64") {
    type.kind = 'i';
    type.size = number(3);
  } else if (name == "uint8" || name == "uint16" || name == "uint32" || name == "uint64") {
    type.kind = 'u';
    type.size = number(4);
  } else {
    throw "data type '" + name + "' is not read here";
  }
  return type;
}

DataType parse_field(const YAML::Node& node, bool big_endian) {
  if (node.IsScalar()) {
    DataType type = parse_type(node.Scalar());
    type.big_endian = big_endian;
    return type;
  }
  if (node.IsSequence()) {  // [ascii, 15] and [ucs4, 15]
    DataType type;
    type.kind = 's';
    type.size = node[1].as<std::size_t>() * (node[0].as<std::string>() == "ucs4" ? 4 : 1);
    if (type.size > (1u << 20)) throw std::string("a text field is absurdly long");
    return type;
  }
  const YAML::Node order = node["byteorder"];
  DataType type = parse_field(node["datatype"], order ? order.as<std::string>() == "big" : big_endian);
  if (node["name"]) type.name = node["name"].as<std::string>();
  return type;
}

void parse_fields(const YAML::Node& node, bool big_endian, ArrayInfo& info) {
  const bool is_table = node.IsSequence() && node.size() > 0 && node[0].IsMap();
  if (!is_table) {
    info.fields = {parse_field(node, big_endian)};
    info.item_bytes = info.fields[0].size;
    return;
  }
  info.item_bytes = 0;
  for (const YAML::Node& field : node) {
    DataType type = parse_field(field, big_endian);
    type.offset = info.item_bytes;
    info.item_bytes += type.size;
    info.fields.push_back(std::move(type));
  }
}

/// Arrays without gaps, last axis fastest, and rows stored backwards are read (numpy's x[::-1]); the peer writes no others.
void read_strides(const YAML::Node& strides, ArrayInfo& info) {
  if (info.shape.size() == 1 && info.fields.size() == 1 &&
      strides[0].as<long long>() == -static_cast<long long>(info.item_bytes)) {
    const std::size_t before = (std::max<std::size_t>(info.shape[0], 1) - 1) * info.item_bytes;
    if (info.offset < before) throw std::string("an array begins before its block");
    info.offset -= before;
    info.is_reversed = true;
    return;
  }
  std::size_t step = info.item_bytes;
  for (std::size_t axis = info.shape.size(); axis-- > 0;) {
    if (strides[axis].as<long long>() != static_cast<long long>(step)) {
      throw std::string("an array with gaps (strides) is not read here");
    }
    step *= info.shape[axis];
  }
}

void list_shape(const YAML::Node& node, std::vector<std::size_t>& shape, int depth) {
  if (depth > kDeepestList) throw std::string("a list is nested too deep");
  if (!node.IsSequence()) return;
  shape.push_back(node.size());
  if (node.size() > 0) list_shape(node[0], shape, depth + 1);
}

void append_values(const YAML::Node& node, std::vector<double>& values, int depth) {
  if (depth > kDeepestList) throw std::string("a list is nested too deep");
  if (node.IsSequence()) {
    for (const YAML::Node& item : node) append_values(item, values, depth + 1);
  } else if (node.IsNull()) {
    values.push_back(std::numeric_limits<double>::quiet_NaN());
  } else if (node.Scalar() == "true" || node.Scalar() == "false") {
    values.push_back(node.Scalar() == "true" ? 1.0 : 0.0);
  } else {
    values.push_back(node.as<double>());
  }
}

template <class T>
T value_at(const std::byte* at, bool big_endian) {
  std::array<std::byte, sizeof(T)> bytes;
  std::memcpy(bytes.data(), at, sizeof(T));
  if (big_endian == (std::endian::native == std::endian::little)) std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<T>(bytes);
}

template <class T>
void decode_as(std::span<const std::byte> bytes, const DataType& type, std::size_t stride, std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<double>(value_at<T>(bytes.data() + i * stride + type.offset, type.big_endian));
  }
}

}  // namespace

ArrayInfo parse_array_info(const YAML::Node& node) {
  ArrayInfo info;
  if (node.IsSequence()) {
    list_shape(node, info.shape, 0);
    info.fields = {DataType{}};
    return info;
  }
  if (!node.IsMap()) throw std::string("an array is neither a list nor an ndarray");
  const bool big_endian = node["byteorder"] && node["byteorder"].as<std::string>() == "big";
  if (node["data"]) {
    list_shape(node["data"], info.shape, 0);
    info.fields = {DataType{}};
    return info;
  }
  if (!node["source"] || !node["shape"] || !node["datatype"]) throw std::string("an ndarray lacks source, shape or datatype");
  if (node["source"].IsScalar() && node["source"].Scalar().starts_with("fits:")) {
    info.external = node["source"].Scalar();
  } else {
    info.block = node["source"].as<int>();
  }
  parse_fields(node["datatype"], big_endian, info);
  std::size_t total = info.item_bytes;
  for (const YAML::Node& axis : node["shape"]) {
    info.shape.push_back(axis.as<std::size_t>());
    if (info.shape.back() > kLargestArray || total > kLargestArray) throw std::string("an array is absurdly large");
    total *= std::max<std::size_t>(info.shape.back(), 1);
  }
  if (total > kLargestArray) throw std::string("an array is absurdly large");
  if (node["offset"]) info.offset = node["offset"].as<std::size_t>();
  if (node["strides"]) read_strides(node["strides"], info);
  return info;
}

std::vector<double> inline_values(const YAML::Node& node) {
  std::vector<double> values;
  append_values(node.IsMap() ? node["data"] : node, values, 0);
  return values;
}

std::vector<double> decode(std::span<const std::byte> bytes, const DataType& type, std::size_t stride) {
  std::vector<double> values(stride == 0 ? 0 : bytes.size() / stride);
  if (type.kind == 'f' && type.size == 8) decode_as<double>(bytes, type, stride, values);
  else if (type.kind == 'f' && type.size == 4) decode_as<float>(bytes, type, stride, values);
  else if (type.kind == 'i' && type.size == 1) decode_as<std::int8_t>(bytes, type, stride, values);
  else if (type.kind == 'i' && type.size == 2) decode_as<std::int16_t>(bytes, type, stride, values);
  else if (type.kind == 'i' && type.size == 4) decode_as<std::int32_t>(bytes, type, stride, values);
  else if (type.kind == 'i' && type.size == 8) decode_as<std::int64_t>(bytes, type, stride, values);
  else if (type.size == 1) decode_as<std::uint8_t>(bytes, type, stride, values);
  else if (type.kind == 'u' && type.size == 2) decode_as<std::uint16_t>(bytes, type, stride, values);
  else if (type.kind == 'u' && type.size == 4) decode_as<std::uint32_t>(bytes, type, stride, values);
  else if (type.kind == 'u' && type.size == 8) decode_as<std::uint64_t>(bytes, type, stride, values);
  return values;
}

}  // namespace spec2::asdf
