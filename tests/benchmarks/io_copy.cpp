// The least a calibration can do: reads every file named before "--" whole and writes the bytes of the products named behind it
// into a folder. Whole runs are measured against it. The copies are compared with the products when --check is given.
//
//     io_copy [--check] INPUT... -- FOLDER PRODUCT...
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::vector<char> read_whole(const fs::path& path) {
  std::vector<char> bytes(fs::file_size(path));
  std::ifstream file(path, std::ios::binary);
  if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    throw std::runtime_error("cannot read " + path.string());
  }
  return bytes;
}

/// Looks at one value of each page, so that nothing is read in vain.
std::uint64_t glance(const std::vector<char>& bytes) {
  std::uint64_t sum = bytes.size();
  for (std::size_t i = 0; i < bytes.size(); i += 4096) sum = sum * 31 + static_cast<unsigned char>(bytes[i]);
  return sum;
}

}  // namespace

int main(int count, char** words) try {
  bool check = false, behind = false;
  std::vector<fs::path> inputs, outputs;
  for (int i = 1; i < count; ++i) {
    if (std::strcmp(words[i], "--check") == 0) check = true;
    else if (std::strcmp(words[i], "--") == 0) behind = true;
    else (behind ? outputs : inputs).emplace_back(words[i]);
  }
  if (inputs.empty() || outputs.size() < 2) throw std::runtime_error("usage: io_copy [--check] INPUT... -- FOLDER PRODUCT...");
  std::uint64_t seen = 0;
  for (const fs::path& input : inputs) seen ^= glance(read_whole(input));
  for (std::size_t i = 1; i < outputs.size(); ++i) {
    const std::vector<char> bytes = read_whole(outputs[i]);
    const fs::path target = outputs[0] / outputs[i].filename();
    std::ofstream file(target, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) throw std::runtime_error("cannot write " + target.string());
    if (check && read_whole(target) != bytes) throw std::runtime_error("the copy differs: " + target.string());
  }
  std::printf("%016llx\n", static_cast<unsigned long long>(seen));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "io_copy: %s\n", error.what());
  return 1;
}
