// The input and output of a calibration without the calibration: reads all planes of the FITS files named before "--" into memory
// and the other files whole, and writes the bytes of the products named behind it into a folder, under temporary names first,
// brought to the disk and then named, as products are. Whole runs are measured against it. The copies are compared with the
// products when --check is given.
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

#include "core/memory/account.hpp"
#include "core/memory/buffer.hpp"
#include "datamodels/io/file_system.hpp"
#include "datamodels/io/fits_file.hpp"

namespace {

namespace fs = std::filesystem;
using namespace spec2;

std::vector<std::byte> read_whole(const fs::path& path) {
  std::vector<std::byte> bytes(fs::file_size(path));
  std::ifstream file(path, std::ios::binary);
  if (!file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()))) {
    throw std::runtime_error("cannot read " + path.string());
  }
  return bytes;
}

/// Every plane of a FITS file as values in memory; the sum keeps the reading from being left out.
double read_planes(const fs::path& path, Account& account) {
  io::FitsFile file = io::FitsFile::open(path);
  double sum = 0.0;
  for (const io::HduInfo& hdu : file.hdus()) {
    if (hdu.type != io::HduType::image || hdu.shape.empty()) continue;
    std::size_t size = 1;
    for (const std::size_t axis : hdu.shape) size *= axis;
    if (size == 0) continue;
    if (hdu.is_float) {
      Buffer<float> values(account, size, hdu.name, Buffer<float>::NotFilled{});
      file.read(hdu.name, hdu.version, 0, std::span<float>(values.data(), size));
      sum += values.data()[size / 2];
    } else {
      Buffer<std::uint32_t> values(account, size, hdu.name, Buffer<std::uint32_t>::NotFilled{});
      file.read(hdu.name, hdu.version, 0, std::span<std::uint32_t>(values.data(), size));
      sum += values.data()[size / 2];
    }
  }
  return sum;
}

void require(int code, const fs::path& path) {
  if (code != 0) throw std::runtime_error("cannot write " + path.string() + ": " + std::strerror(code));
}

void write_product(const fs::path& target, const std::vector<std::byte>& bytes) {
  io::FileSystem& files = io::FileSystem::system();
  const fs::path temporary = target.string() + ".part";
  int handle = -1;
  require(files.create(temporary, handle), temporary);
  require(files.write(handle, bytes, 0), temporary);
  require(files.sync(handle), temporary);
  require(files.close(handle), temporary);
  require(files.rename(temporary, target), target);
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
  Account account("copy", Account::kUnlimited);
  double seen = 0.0;
  for (const fs::path& input : inputs) {
    seen += input.extension() == ".fits" ? read_planes(input, account) : static_cast<double>(read_whole(input).size());
  }
  for (std::size_t i = 1; i < outputs.size(); ++i) {
    const fs::path target = outputs[0] / outputs[i].filename();
    write_product(target, read_whole(outputs[i]));
    if (check && read_whole(target) != read_whole(outputs[i])) throw std::runtime_error("the copy differs: " + target.string());
  }
  std::printf("%g\n", seen);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "io_copy: %s\n", error.what());
  return 1;
}
