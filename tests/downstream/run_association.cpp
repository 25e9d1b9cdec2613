// Runs all products of an association: run_association asn.json output_folder
#include <cstdio>

#include "pipeline/runner/run.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  spec2::pipeline::RunOptions options;
  options.input = argv[1];
  options.output_dir = argv[2];
  options.memory_limit = std::size_t{256} << 20;
  try {
    const spec2::pipeline::RunReport report = spec2::pipeline::run(options);
    for (const auto& product : report.products) {
      std::printf("%s: %zu files, peak %zu bytes\n", product.name.c_str(), product.files.size(), report.peak_live);
    }
    return report.exit_code();
  } catch (const spec2::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return spec2::exit_code(error.cause());
  }
}
