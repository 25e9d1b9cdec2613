#include "wcs/asdf/asdf_file.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "wcs/asdf/array_values.hpp"
#include "wcs/asdf/block.hpp"
#include "wcs/asdf/byte_source.hpp"
#include "wcs/asdf/tree_text.hpp"

namespace spec2::asdf {

std::size_t ArrayInfo::count() const {
  std::size_t product = 1;
  for (const std::size_t axis : shape) product *= axis;
  return product;
}

struct AsdfFile::Content {
  std::string name;
  ErrorCause cause;
  ByteSource source;
  YAML::Node tree;
  std::vector<BlockInfo> blocks;

  Content(std::string file, ErrorCause why, ByteSource bytes) : name(std::move(file)), cause(why), source(std::move(bytes)) {}

  [[noreturn]] void fail(const std::string& problem, const std::string& key = {}) const {
    throw Error(cause, problem, {.file = name, .keyword = key}, "Fetch or make the file again");
  }

  std::uint64_t read_tree(std::span<const std::string_view> passed_over);
  void read_block_table(std::uint64_t from);
  std::vector<std::byte> block_bytes(int block, std::uint64_t offset, std::uint64_t count);
};

/// The tree ends with a line of three dots. Returns the place behind it.
std::uint64_t AsdfFile::Content::read_tree(std::span<const std::string_view> passed_over) {
  constexpr std::size_t kChunk = 1 << 16;
  std::string text;
  std::size_t end = std::string::npos;
  while (end == std::string::npos && text.size() < source.size()) {
    const std::size_t from = text.size();
    const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(kChunk, source.size() - from));
    text.resize(from + count);
    if (!source.read(from, std::as_writable_bytes(std::span(text.data() + from, count)))) fail("the file cannot be read");
    if (from == 0 && !text.starts_with("#ASDF")) fail("this is no ASDF file");
    end = text.find("\n...", from < 4 ? 0 : from - 4);
    if (text.size() > kLargestTree) fail("the tree is larger than 64 MiB");
  }
  std::uint64_t behind = text.size();
  if (end != std::string::npos) {
    behind = end + 4;
    text.resize(end + 1);
  }
  if (!passed_over.empty()) {
    try {
      tree = YAML::Load(without_entries(text, passed_over));
      if (tree.IsMap()) return behind;
    } catch (const YAML::Exception&) {
      // What is read refers to what was passed over, or the text is no YAML: seen when all of it is read.
    }
  }
  try {
    tree = YAML::Load(text);
  } catch (const YAML::Exception& error) {
    throw Error(cause, "the tree is no YAML: " + error.msg,
                {.file = name, .line = error.mark.line + 1, .column = error.mark.column + 1}, "Fetch or make the file again");
  }
  if (!tree.IsMap()) fail("the tree is no mapping");
  return behind;
}

void AsdfFile::Content::read_block_table(std::uint64_t from) {
  // Line ends and padding may stand between the tree and the first block.
  constexpr std::uint64_t kMostPadding = 1 << 16;
  std::array<std::byte, 6> head{};
  std::uint64_t at = from;
  while (at - from < kMostPadding && source.read(at, std::span(head).first(4)) &&
         std::memcmp(head.data(), kBlockMagic, sizeof kBlockMagic) != 0) {
    ++at;
  }
  while (source.read(at, head) && std::memcmp(head.data(), kBlockMagic, sizeof kBlockMagic) == 0) {
    const std::size_t header = std::to_integer<std::size_t>(head[4]) << 8 | std::to_integer<std::size_t>(head[5]);
    std::array<std::byte, kBlockHeaderBytes> bytes{};
    if (header < kBlockHeaderBytes || !source.read(at + 6, bytes)) fail("a block header is damaged");
    std::uint64_t allocated = 0;
    for (std::size_t i = 8; i < 16; ++i) allocated = allocated << 8 | std::to_integer<std::uint64_t>(bytes[i]);
    bool streamed = false;
    BlockInfo info = parse_block_header(bytes, streamed);
    info.data_start = at + 6 + header;
    if (info.data_start > source.size()) fail("the file is truncated in a block header");
    const std::uint64_t left = source.size() - info.data_start;
    if (streamed) info.used = info.size = allocated = left;
    if (info.used > left || allocated > left || info.used > allocated) {
      fail("the file is truncated: a block reaches beyond its end");
    }
    if (info.compression.empty() && info.size > info.used) fail("a block is shorter than its header says");
    // What unpacks to more than a thousand times its size is made to fill the memory.
    if (!info.compression.empty() && info.size / 1100 > info.used + 1) fail("a packed block unpacks to an absurd size");
    blocks.push_back(std::move(info));
    at = blocks.back().data_start + allocated;
  }
}

std::vector<std::byte> AsdfFile::Content::block_bytes(int block, std::uint64_t offset, std::uint64_t count) {
  if (block < 0 || static_cast<std::size_t>(block) >= blocks.size()) fail(fmt::format("there is no block {}", block));
  const BlockInfo& info = blocks[static_cast<std::size_t>(block)];
  if (offset > info.size || count > info.size - offset) fail(fmt::format("an array reaches beyond block {}", block));
  std::vector<std::byte> bytes(count);
  if (info.compression.empty()) {
    if (!source.read(info.data_start + offset, bytes)) fail("a block cannot be read");
    return bytes;
  }
  std::vector<std::byte> packed(info.used);
  std::vector<std::byte> whole(info.size);
  if (!source.read(info.data_start, packed)) fail("a block cannot be read");
  const std::string problem = unpack(info, packed, whole);
  if (!problem.empty()) fail(problem);
  std::copy_n(whole.begin() + static_cast<std::ptrdiff_t>(offset), count, bytes.begin());
  return bytes;
}

AsdfFile::AsdfFile(std::unique_ptr<Content> content, std::span<const std::string_view> passed_over)
    : content_(std::move(content)) {
  content_->read_block_table(content_->read_tree(passed_over));
}
AsdfFile::AsdfFile(AsdfFile&&) noexcept = default;
AsdfFile& AsdfFile::operator=(AsdfFile&&) noexcept = default;
AsdfFile::~AsdfFile() = default;

AsdfFile AsdfFile::open(const std::filesystem::path& path, ErrorCause cause, std::span<const std::string_view> passed_over) {
  auto content = std::make_unique<Content>(path.string(), cause, ByteSource(path));
  if (!content->source.good()) content->fail("the file cannot be opened");
  return AsdfFile(std::move(content), passed_over);
}

AsdfFile AsdfFile::from_bytes(std::vector<std::byte> bytes, std::string name, ErrorCause cause) {
  return AsdfFile(std::make_unique<Content>(std::move(name), cause, ByteSource(std::move(bytes))));
}

const std::string& AsdfFile::name() const noexcept { return content_->name; }
const YAML::Node& AsdfFile::tree() const noexcept { return content_->tree; }
std::size_t AsdfFile::block_count() const noexcept { return content_->blocks.size(); }
void AsdfFile::fail(const std::string& problem, const std::string& key) const { content_->fail(problem, key); }

namespace {

/// The node at a dotted path, undefined when a part is missing.
YAML::Node walk(const YAML::Node& tree, std::string_view path) {
  YAML::Node node = tree;
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    const std::string part(path.substr(0, dot));
    if (!node.IsMap()) return YAML::Node(YAML::NodeType::Undefined);
    const YAML::Node next = std::as_const(node)[part];
    if (!next.IsDefined()) return YAML::Node(YAML::NodeType::Undefined);
    node.reset(next);
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return node;
}

}  // namespace

YAML::Node AsdfFile::at(std::string_view path) const {
  YAML::Node node = walk(content_->tree, path);
  if (!node.IsDefined()) fail(fmt::format("{} is missing", path), std::string(path));
  return node;
}

bool AsdfFile::has(std::string_view path) const { return walk(content_->tree, path).IsDefined(); }

double AsdfFile::real(std::string_view path) const {
  try {
    return at(path).as<double>();
  } catch (const YAML::Exception&) {
    fail(fmt::format("{} is no number", path), std::string(path));
  }
}

std::string AsdfFile::text(std::string_view path) const {
  const YAML::Node node = at(path);
  if (!node.IsScalar()) fail(fmt::format("{} is no text", path), std::string(path));
  return node.Scalar();
}

std::vector<double> AsdfFile::reals(std::string_view path) const { return array(at(path)); }

ArrayInfo AsdfFile::array_info(const YAML::Node& node) const {
  try {
    return parse_array_info(node);
  } catch (const YAML::Exception& error) {
    fail("an array is described wrongly: " + error.msg);
  } catch (const std::string& problem) {
    fail(problem);
  }
}

std::vector<double> AsdfFile::array(const YAML::Node& node) const {
  const ArrayInfo info = array_info(node);
  if (!info.external.empty()) fail("an array lies in another HDU: " + info.external);
  if (info.block < 0) {
    try {
      return inline_values(node);
    } catch (const YAML::Exception& error) {
      fail("a list holds no numbers: " + error.msg);
    } catch (const std::string& problem) {
      fail(problem);
    }
  }
  if (info.fields.size() != 1) fail("a table stands where an array is needed");
  auto values =
      decode(content_->block_bytes(info.block, info.offset, info.count() * info.item_bytes), info.fields[0], info.item_bytes);
  if (info.is_reversed) std::reverse(values.begin(), values.end());
  return values;
}

std::vector<double> AsdfFile::table_column(const YAML::Node& node, std::string_view field, std::size_t first,
                                           std::size_t count) const {
  const ArrayInfo info = array_info(node);
  if (info.shape.size() != 1 || info.block < 0 || info.is_reversed) fail("a table is needed here");
  if (first > info.shape[0] || count > info.shape[0] - first) fail("rows beyond the end of a table are asked for");
  for (const DataType& type : info.fields) {
    if (type.name != field) continue;
    return decode(content_->block_bytes(info.block, info.offset + first * info.item_bytes, count * info.item_bytes), type,
                  info.item_bytes);
  }
  fail(fmt::format("the table has no column {}", field), std::string(field));
}

}  // namespace spec2::asdf
