// ASDF files: the tree, all arrays in it (inline and in blocks of every compression), and transforms.
#include <cstring>
#include <vector>

#include "tests/fuzz/fuzz.hpp"
#include "wcs/asdf/asdf_file.hpp"
#include "wcs/asdf/transform_reader.hpp"

namespace {

/// Reads every array of the first levels of a tree, at most a few hundred nodes: aliases may make it much larger than its text.
void read_arrays(const spec2::asdf::AsdfFile& file, const YAML::Node& node, int depth, int& left) {
  if (depth > 6 || --left < 0) return;
  if (node.Tag().find("ndarray") != std::string::npos) {
    spec2::fuzz::expect_refusal_at_most([&] { file.array(node); });
    return;
  }
  if (!node.IsMap() && !node.IsSequence()) return;
  for (const auto& entry : node) read_arrays(file, node.IsMap() ? entry.second : YAML::Node(entry), depth + 1, left);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spec2;
  fuzz::expect_refusal_at_most([&] {
    std::vector<std::byte> bytes(size);
    if (size > 0) std::memcpy(bytes.data(), data, size);
    const asdf::AsdfFile file = asdf::AsdfFile::from_bytes(std::move(bytes), "fuzz.asdf");
    int left = 300;
    fuzz::expect_refusal_at_most([&] { read_arrays(file, file.tree(), 0, left); });
    wcs::Arena arena;
    if (file.has("model")) asdf::read_transform(file, file.at("model"), arena);
  });
  return 0;
}
