// Chains single steps by hand on one exposure: chain_steps rate.fits x1d.fits
#include <cstdio>
#include <cstdlib>

#include "core/error.hpp"
#include "datamodels/io/read_exposure.hpp"
#include "datamodels/io/write_product.hpp"
#include "pipeline/chain/chain.hpp"
#include "pipeline/config/parameter_loader.hpp"
#include "pipeline/runner/exposure_references.hpp"

namespace {

/// Steps are asked to save nothing beside their result here.
struct NoSideProducts final : spec2::SideProducts {
  void write(const spec2::Exposure&, std::string_view) override {}
};

void calibrate(const char* input, const char* output) {
  using namespace spec2;
  Account account("chain", std::size_t{256} << 20);
  ReferenceCache cache(account, std::size_t{64} << 20);
  wcs::Arena arena(&account);
  const Parallel parallel(1);
  const CancelToken cancel;
  NoSideProducts side_products;

  Exposure exposure = io::read_exposure(input, account);
  exposure.arena = &arena;
  const auto selector = pipeline::ReferenceSelector::open(std::getenv("CRDS_PATH"), "jwst_9001.pmap");
  const pipeline::ParameterSet parameters = pipeline::load_parameters({}).set;
  const pipeline::ExposureReferences references(selector, parameters, exposure.meta);
  for (const char* const name : {"assign_wcs", "extract_2d", "srctype", "wavecorr", "flat_field", "pathloss", "photom",
                                 "resample_spec", "extract_1d"}) {
    const auto step = pipeline::make_step(name, parameters.step(name));
    pipeline::StepReferences of_step(references, name, cache);
    StepContext context{account, Log(), parallel, cancel, of_step, side_products};
    StepResult result = step->run(std::move(exposure), context);
    exposure = std::move(result.exposure);
    exposure.meta.set(step->info().status_keyword, std::string(to_string(result.status)));
  }
  std::printf("%zu spectra\n", exposure.spectra.size());
  io::write_product(exposure, output, {"downstream"}).commit();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    calibrate(argv[1], argv[2]);
    return 0;
  } catch (const spec2::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return spec2::exit_code(error.cause());
  }
}
