// copy_product INPUT OUTPUT: reads a product of the peer with the project's reader and writes it with the project's writer.
// tests/interop/products_copied.py compares the two.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "core/error.hpp"
#include "datamodels/io/write_product.hpp"
#include "read_model.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: copy_product INPUT OUTPUT\n");
    return 1;
  }
  try {
    using Clock = std::chrono::steady_clock;
    const auto milliseconds = [](Clock::time_point a, Clock::time_point b) {
      return std::chrono::duration<double, std::milli>(b - a).count();
    };
    spec2::Account account("copy");
    const auto begin = Clock::now();
    const spec2::Exposure exposure = spec2::test::read_model(argv[1], account);
    const auto read = Clock::now();
    spec2::io::ProductFile file = spec2::io::write_product(exposure, argv[2], {"spec2 test"});
    file.commit();
    fmt::print("read {:.1f} ms, written {:.1f} ms\n", milliseconds(begin, read), milliseconds(read, Clock::now()));
  } catch (const spec2::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
  return 0;
}
