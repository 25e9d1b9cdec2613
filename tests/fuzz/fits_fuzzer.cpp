// FITS files as exposures and as tables. The reader takes files, so each input goes through one in memory.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "core/memory/account.hpp"
#include "datamodels/io/fits_file.hpp"
#include "datamodels/io/read_exposure.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

/// A file of the input that exists in memory only.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : handle_(::memfd_create("fuzz.fits", 0)) {
    while (size > 0) {
      const ssize_t written = ::write(handle_, data, size);
      if (written <= 0) break;
      data += written;
      size -= static_cast<std::size_t>(written);
    }
  }
  ~MemoryFile() { ::close(handle_); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(handle_); }

 private:
  int handle_;
};

void read_table(spec2::io::FitsFile& file, const spec2::io::HduInfo& hdu) {
  using spec2::fuzz::expect_refusal_at_most;
  for (const auto& column : file.columns(hdu.name, hdu.version)) {
    expect_refusal_at_most([&] {
      if (column.is_text) file.column_text(hdu.name, hdu.version, column.name);
      else file.column_real(hdu.name, hdu.version, column.name);
    });
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spec2;
  const MemoryFile memory(data, size);
  fuzz::expect_refusal_at_most([&] {
    io::FitsFile file = io::FitsFile::open(memory.path());
    for (const io::HduInfo& hdu : file.hdus()) {
      fuzz::expect_refusal_at_most([&] { file.header(hdu.name, hdu.version); });
      fuzz::expect_refusal_at_most([&] {
        if (hdu.type == io::HduType::image) file.read_all(hdu.name, hdu.version);
        else read_table(file, hdu);
      });
    }
  });
  fuzz::expect_refusal_at_most([&] {
    Account account("fuzz", std::size_t{32} << 20);
    io::read_exposure(memory.path(), account);
  });
  return 0;
}
