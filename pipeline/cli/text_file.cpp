#include "pipeline/cli/text_file.hpp"

#include <fstream>

#include <unistd.h>

#include <fmt/format.h>

#include "core/error.hpp"

namespace spec2::pipeline {

namespace fs = std::filesystem;

void write_text_file(const fs::path& path, const std::string& text) {
  const fs::path temporary = path.string() + fmt::format(".{}.part", ::getpid());
  std::ofstream file(temporary, std::ios::binary);
  file << text;
  file.close();
  std::error_code code;
  if (file) fs::rename(temporary, path, code);
  if (file && !code) return;
  std::error_code ignored;
  fs::remove(temporary, ignored);
  throw Error(ErrorCause::system, "the file cannot be written", {.file = path.string()},
              "Check the folder, its permissions and the free space of the disk");
}

}  // namespace spec2::pipeline
